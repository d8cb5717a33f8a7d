/* The script of map.html: layers, legend, labels, popups. All words and data come from the element #data; nothing is loaded.
   Written for the browsers that offices still have: no syntax later than ES5. */
(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('data').textContent), words = data.words;
  var PX_PER_MM = 3.2; // a screen is looked at from nearer than a printed sheet, so a little less than 96 a inch
  var MANY = 1500; // points from here on are drawn on a canvas
  var layers = [];

  function element(name, className, text) {
    var node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  function svg(name, attributes) {
    var node = document.createElementNS('http://www.w3.org/2000/svg', name), key;
    for (key in attributes) {
      if (attributes[key] !== null) node.setAttribute(key, attributes[key]);
    }
    return node;
  }

  /* --- coordinates ------------------------------------------------------------------------------------------------------------ */

  function unpack(flat) {
    var points = [], x = 0, y = 0, i;
    for (i = 0; i < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      points.push([y * data.step, x * data.step]);
    }
    return points;
  }

  function toBounds(box) {
    return L.latLngBounds([box[1] * data.step, box[0] * data.step], [box[3] * data.step, box[2] * data.step]);
  }

  function unpackFeature(feature) {
    feature.p = (feature.p || []).map(function (part) { return unpack(part)[0]; });
    feature.l = (feature.l || []).map(unpack);
    feature.a = (feature.a || []).map(function (rings) { return rings.map(unpack); });
    feature.bounds = L.latLngBounds([]);
    feature.p.forEach(function (point) { feature.bounds.extend(point); });
    feature.l.forEach(function (line) { line.forEach(function (point) { feature.bounds.extend(point); }); });
    feature.a.forEach(function (rings) { rings[0].forEach(function (point) { feature.bounds.extend(point); }); });
  }

  /* --- symbols ---------------------------------------------------------------------------------------------------------------- */

  function markPath(mark, r) {
    var points = [], i, angle, reach;
    if (mark === 'square') return 'M' + -r + ' ' + -r + 'H' + r + 'V' + r + 'H' + -r + 'Z';
    if (mark === 'diamond') return 'M0 ' + -r + 'L' + r + ' 0L0 ' + r + 'L' + -r + ' 0Z';
    if (mark === 'triangle') return 'M0 ' + -r + 'L' + r + ' ' + r + 'L' + -r + ' ' + r + 'Z';
    if (mark === 'star') {
      for (i = 0; i < 10; i++) {
        angle = Math.PI * (i / 5 - 0.5);
        reach = i % 2 ? r * 0.4 : r;
        points.push((Math.cos(angle) * reach).toFixed(2) + ' ' + (Math.sin(angle) * reach).toFixed(2));
      }
      return 'M' + points.join('L') + 'Z';
    }
    return 'M' + -r + ' 0A' + r + ' ' + r + ' 0 1 1 ' + r + ' 0A' + r + ' ' + r + ' 0 1 1 ' + -r + ' 0Z';
  }

  function inkAttributes(ink) {
    var width = Math.max(ink.w * PX_PER_MM, 0.6);
    return {
      fill: ink.f || 'none', 'fill-opacity': ink.f ? ink.fo : null,
      stroke: ink.c || 'none', 'stroke-opacity': ink.c ? ink.so : null, 'stroke-width': ink.c ? width.toFixed(2) : null,
      'stroke-dasharray': ink.d && ink.c ? (width * 4).toFixed(1) + ' ' + (width * 2.5).toFixed(1) : null, 'stroke-linejoin': 'round'
    };
  }

  /** A point's picture as SVG text or node. */
  function markNode(symbol) {
    var half = 4, root, i, ink, shape;
    for (i = 0; i < symbol.inks.length; i++) half = Math.max(half, (symbol.inks[i].r / 2 + symbol.inks[i].w) * PX_PER_MM + 1);
    root = svg('svg', { width: 2 * half, height: 2 * half, viewBox: [-half, -half, 2 * half, 2 * half].join(' ') });
    for (i = 0; i < symbol.inks.length; i++) {
      ink = symbol.inks[i];
      shape = inkAttributes(ink);
      shape.d = markPath(ink.m, ink.r / 2 * PX_PER_MM);
      root.appendChild(svg('path', shape));
    }
    root.half = half;
    return root;
  }

  /** A frame with a point in it: fonts do not all have a sign for it. */
  function targetNode() {
    var root = svg('svg', { width: 18, height: 18, viewBox: '0 0 18 18', 'aria-hidden': 'true' });
    root.appendChild(svg('path', { d: 'M2 6V2H6M12 2H16V6M16 12V16H12M6 16H2V12M7 9A2 2 0 1 1 11 9A2 2 0 1 1 7 9Z', fill: 'none', stroke: '#444', 'stroke-width': 1.6 }));
    return root;
  }

  /** The picture of a symbol in the legend. */
  function swatch(kind, symbol) {
    var root, holder = element('span', 'swatch');
    if (kind === 0) {
      holder.appendChild(markNode(symbol));
      return holder;
    }
    root = svg('svg', { width: 26, height: 16 });
    symbol.inks.forEach(function (ink) {
      var shape = inkAttributes(ink);
      shape.d = kind === 1 ? 'M1 11L9 5L17 11L25 5' : 'M2 2H24V14H2Z';
      if (kind === 1) shape.fill = 'none';
      root.appendChild(svg('path', shape));
    });
    holder.appendChild(root);
    return holder;
  }

  /* --- the map ---------------------------------------------------------------------------------------------------------------- */

  var map = L.map('map', { zoomControl: false, attributionControl: false, zoomSnap: 0.5, minZoom: 4, maxZoom: 18, worldCopyJump: false });
  var labelPane = map.createPane('names');
  labelPane.style.zIndex = 640;
  labelPane.style.pointerEvents = 'none';
  map.createPane('spot').style.zIndex = 645;
  map.getPane('spot').style.pointerEvents = 'none';

  /* What Leaflet wants to know of a path. */
  function pathOptions(ink, layer, kind) {
    var width = Math.max(ink.w * PX_PER_MM, 0.6);
    return {
      pane: layer.pane, renderer: layer.renderer, interactive: false,
      stroke: !!ink.c, color: ink.c || undefined, opacity: ink.so, weight: width,
      dashArray: ink.d && ink.c ? (width * 4).toFixed(1) + ' ' + (width * 2.5).toFixed(1) : null,
      fill: kind === 2 && !!ink.f, fillColor: ink.f || undefined, fillOpacity: ink.fo,
      smoothFactor: 1
    };
  }

  function drawPoints(layer, features, group) {
    var many = features.length > MANY;
    features.forEach(function (feature) {
      var symbol = layer.symbols[feature.s], node = many ? null : markNode(symbol);
      feature.p.forEach(function (point) {
        var options;
        if (many) {
          options = pathOptions(symbol.inks[0], layer, 2);
          options.radius = Math.max(symbol.inks[0].r / 2 * PX_PER_MM, 2);
          L.circleMarker(point, options).addTo(group);
          return;
        }
        L.marker(point, {
          pane: layer.pane, interactive: false, keyboard: false,
          icon: L.divIcon({ className: 'mark', html: node.outerHTML, iconSize: [2 * node.half, 2 * node.half] })
        }).addTo(group);
      });
    });
  }

  /** All lines of a symbol as one path an ink: where roads cross the outline of one does not cut the other. */
  function drawLines(layer, features, group) {
    layer.symbols.forEach(function (symbol, index) {
      var lines = [];
      features.forEach(function (feature) {
        if (feature.s === index) lines.push.apply(lines, feature.l);
      });
      if (lines.length) symbol.inks.forEach(function (ink) { L.polyline(lines, pathOptions(ink, layer, 1)).addTo(group); });
    });
  }

  function drawAreas(layer, features, group) {
    features.forEach(function (feature) {
      if (!feature.a.length) return;
      layer.symbols[feature.s].inks.forEach(function (ink) { L.polygon(feature.a, pathOptions(ink, layer, 2)).addTo(group); });
    });
  }

  function prepare(layer, rank) {
    var many = layer.features.length > MANY;
    layer.pane = 'layer' + rank;
    map.createPane(layer.pane).style.zIndex = 401 + rank;
    map.getPane(layer.pane).style.pointerEvents = 'none';
    map.getPane(layer.pane).setAttribute('data-layer', layer.id);
    layer.renderer = many ? L.canvas({ pane: layer.pane }) : L.svg({ pane: layer.pane, padding: 0.3 });
    layer.features.forEach(unpackFeature);
  }

  function show(layer, on) {
    layer.on = on;
    if (on && !layer.group) {
      layer.group = L.layerGroup();
      drawAreas(layer, layer.features, layer.group);
      drawLines(layer, layer.features, layer.group);
      drawPoints(layer, layer.features, layer.group);
    }
    if (on) layer.group.addTo(map);
    if (!on && layer.group) layer.group.remove();
    if (layer.box_) layer.box_.checked = on;
  }

  /* --- names on the map ------------------------------------------------------------------------------------------------------- */

  var measure = document.createElement('canvas').getContext('2d');

  function textWidth(text, bold) {
    measure.font = (bold ? 'bold ' : '') + '12px ' + getComputedStyle(document.body).fontFamily;
    return measure.measureText(text).width + 4;
  }

  /** A place inside an area for its name: the middle of the widest stretch at half its height. */
  function insideOf(rings) {
    var outer = L.latLngBounds(rings[0]), best = null, widest = 0, k, y, cuts, i;
    for (k = 1; k < 8; k++) {
      y = outer.getSouth() + (outer.getNorth() - outer.getSouth()) * (k / 8 + 1e-4);
      cuts = [];
      rings.forEach(function (ring) {
        var a, b, j;
        for (j = 1; j < ring.length; j++) {
          a = ring[j - 1];
          b = ring[j];
          if ((a[0] > y) !== (b[0] > y)) cuts.push(a[1] + (b[1] - a[1]) * (y - a[0]) / (b[0] - a[0]));
        }
      });
      cuts.sort(function (u, v) { return u - v; });
      for (i = 0; i + 1 < cuts.length; i += 2) {
        // Near the middle counts: a name at the edge looks like a neighbour's.
        if ((cuts[i + 1] - cuts[i]) * (1 - Math.abs(k - 4) / 8) > widest) {
          widest = (cuts[i + 1] - cuts[i]) * (1 - Math.abs(k - 4) / 8);
          best = [y, (cuts[i] + cuts[i + 1]) / 2];
        }
      }
    }
    return best || outer.getCenter();
  }

  function largest(parts, sizeOf) {
    var best = null, most = -1;
    parts.forEach(function (part) {
      var size = sizeOf(part);
      if (size > most) {
        most = size;
        best = part;
      }
    });
    return best;
  }

  function extent(points) {
    var box = L.latLngBounds(points);
    return (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
  }

  /** Where the name of a feature may stand, best first: [latlng, dx, dy] with the offset of its middle in half sizes of the box. */
  function placesOf(feature, view) {
    var line, inside;
    if (feature.p.length) {
      return [[feature.p[0], 1, 0], [feature.p[0], -1, 0], [feature.p[0], 0, -1], [feature.p[0], 0, 1]];
    }
    if (feature.a.length) {
      if (!feature.spot) feature.spot = insideOf(largest(feature.a, function (rings) { return extent(rings[0]); }));
      return [[feature.spot, 0, 0]];
    }
    line = largest(feature.l, function (points) { return points.length; });
    inside = line.filter(function (point) { return view.contains(point); });
    if (!inside.length) return [];
    return [0.5, 0.3, 0.7, 0.15, 0.85].map(function (t) { return [inside[Math.floor(t * (inside.length - 1))], 0, 0]; });
  }

  function overlaps(box, taken) {
    return taken.some(function (other) {
      return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
    });
  }

  function addName(layer, text, x, y, width) {
    var node = element('div', 'name', text);
    node.style.color = layer.ink || '#333';
    if (layer.bold) node.style.fontWeight = 'bold';
    node.style.left = Math.round(x - width / 2) + 'px';
    node.style.top = Math.round(y - 8) + 'px';
    node.style.width = Math.ceil(width) + 'px';
    labelPane.appendChild(node);
  }

  /** A number on its disc: at the side of the point that its layer has, else around it where there is room. */
  function placeNumber(layer, feature, text, taken, discs) {
    var size = (layer.badge.r + layer.badge.w) * PX_PER_MM, reach = size / 2 + 4, start = Math.atan2(layer.badge_y, layer.badge_x);
    feature.p.forEach(function (place) {
      var point = map.latLngToLayerPoint(place), k, turn, x, y, box, disc;
      for (k = 0; k < 9; k++) { // to either side by turns; where there is no room the first again
        turn = start + (k % 2 ? -1 : 1) * (k < 8 ? Math.floor((k + 1) / 2) : 0) * Math.PI / 4;
        x = point.x + reach * Math.cos(turn);
        y = point.y + reach * Math.sin(turn);
        box = [x - size / 2, y - size / 2, x + size / 2, y + size / 2];
        if (!overlaps(box, discs)) break;
      }
      discs.push(box);
      taken.push(box);
      disc = element('div', 'number', text);
      disc.style.cssText = 'left:' + Math.round(x - size / 2) + 'px;top:' + Math.round(y - size / 2) + 'px;width:' + size.toFixed(1) + 'px;height:' +
        size.toFixed(1) + 'px;line-height:' + (size - 2).toFixed(1) + 'px;color:' + layer.ink + ';background:' + layer.badge.f + ';border-color:' + layer.badge.c;
      labelPane.appendChild(disc);
    });
  }

  function placeName(layer, feature, text, view, taken, seen) {
    var width = textWidth(text, layer.bold), symbol = layer.symbols[feature.s];
    var gap = feature.p.length && symbol.inks[0] ? symbol.inks[0].r / 2 * PX_PER_MM + 3 : 0, places = placesOf(feature, view), i, point, x, y, box;
    for (i = 0; i < places.length; i++) {
      point = map.latLngToLayerPoint(places[i][0]);
      x = point.x + places[i][1] * (width / 2 + gap);
      y = point.y + places[i][2] * (8 + gap);
      box = [x - width / 2, y - 8, x + width / 2, y + 8];
      if (overlaps(box, taken)) continue;
      // The same place in two layers has its name once.
      if ((seen[text] || []).some(function (other) { return Math.abs(other[0] - x) < 120 && Math.abs(other[1] - y) < 80; })) return;
      (seen[text] = seen[text] || []).push([x, y]);
      taken.push(box);
      addName(layer, text, x, y, width);
      return;
    }
  }

  /** Denominator of the scale in the middle of the map, with pixels of 96 a inch. */
  function scale() { // a screen takes names at twice the scale of a sheet: none lies over another here
    return 40075016.7 * Math.cos(map.getCenter().lat * Math.PI / 180) / (256 * Math.pow(2, map.getZoom())) / 0.0254 * 96;
  }

  /** Names of what is in view, the topmost layer first, none over another. */
  function placeNames() {
    var view = map.getBounds(), taken = [], discs = [], seen = {}, count = 0;
    labelPane.textContent = '';
    // A symbol of a point is no place for a name, either.
    layers.forEach(function (layer) {
      if (!layer.on || layer.features.length > 200) return;
      layer.features.forEach(function (feature) {
        feature.p.forEach(function (point) {
          var at = map.latLngToLayerPoint(point), ink = layer.symbols[feature.s].inks[0], half = ink && ink.f ? ink.r / 2 * PX_PER_MM : 0;
          if (half) taken.push([at.x - half, at.y - half, at.x + half, at.y + half]);
        });
      });
    });
    layers.forEach(function (layer) {
      if (!layer.on || !layer.labels || (layer.names_from && scale() > 2 * layer.names_from)) return;
      layer.features.forEach(function (feature) {
        var text = feature.t || feature.n;
        if (!text || count > 400 || !feature.bounds.isValid() || !view.intersects(feature.bounds)) return;
        if (!feature.p.length && tooSmall(feature, text, layer)) return;
        count++;
        if (layer.badge) placeNumber(layer, feature, text, taken, discs);
        else placeName(layer, feature, text, view, taken, seen);
      });
    });
  }

  /** A name wider than twice its area says more about its neighbours. */
  function tooSmall(feature, text, layer) {
    var a = map.latLngToLayerPoint(feature.bounds.getSouthWest()), b = map.latLngToLayerPoint(feature.bounds.getNorthEast());
    return Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y)) * 2 < textWidth(text, layer.bold);
  }

  /* --- what lies at a place --------------------------------------------------------------------------------------------------- */

  function inRings(rings, at) {
    var inside = false;
    rings.forEach(function (ring) {
      var i, a, b;
      for (i = 1; i < ring.length; i++) {
        a = ring[i - 1];
        b = ring[i];
        if ((a[0] > at.lat) !== (b[0] > at.lat) && at.lng < a[1] + (b[1] - a[1]) * (at.lat - a[0]) / (b[0] - a[0])) inside = !inside;
      }
    });
    return inside;
  }

  function nearLine(points, at, reach) {
    var i, last = map.latLngToLayerPoint(points[0]), next;
    for (i = 1; i < points.length; i++) {
      next = map.latLngToLayerPoint(points[i]);
      if (L.LineUtil.pointToSegmentDistance(at, last, next) <= reach) return true;
      last = next;
    }
    return false;
  }

  function hits(event) {
    var at = event.layerPoint, found = [], reach = L.Browser.mobile ? 16 : 8;
    layers.forEach(function (layer) {
      if (!layer.on) return;
      layer.features.forEach(function (feature) {
        var half = feature.p.length && layer.symbols[feature.s].inks[0] ? layer.symbols[feature.s].inks[0].r / 2 * PX_PER_MM : 0;
        var margin = L.point(half + reach, half + reach);
        var near = L.latLngBounds(map.layerPointToLatLng(at.subtract(margin)), map.layerPointToLatLng(at.add(margin)));
        if (!feature.bounds.isValid() || !near.intersects(feature.bounds)) return;
        if (feature.p.some(function (point) { return map.latLngToLayerPoint(point).distanceTo(at) <= half + reach; }) ||
            feature.l.some(function (line) { return nearLine(line, at, reach); }) ||
            feature.a.some(function (rings) { return inRings(rings, event.latlng); })) found.push([layer, feature]);
      });
    });
    return found;
  }

  /** One feature in the popup: its name, its layer, a table of what people read. */
  function card(layer, feature, open) {
    var box = element('details', 'card'), head = element('summary'), table = element('table');
    box.open = open;
    head.appendChild(element('b', '', feature.n || layer.symbols[feature.s].label || layer.title));
    if (head.textContent !== layer.title) head.appendChild(element('span', 'of', layer.title));
    box.appendChild(head);
    feature.v.forEach(function (value, i) {
      var row;
      if (!value) return;
      row = element('tr');
      row.appendChild(element('th', '', layer.fields[i]));
      row.appendChild(element('td', '', value));
      table.appendChild(row);
    });
    box.appendChild(table);
    return box;
  }

  var sheet = null, spot = null;

  function isSmall() {
    return window.innerWidth < 760 || window.innerHeight < 500;
  }

  function closeSheet() {
    if (sheet) sheet.parentNode.removeChild(sheet);
    if (spot) spot.remove();
    sheet = spot = null;
  }

  /** On a phone a balloon would lie under the controls: what is there stands at the foot of the screen, and the place is marked. */
  function openSheet(content, latlng) {
    var close = element('button', 'close', '\u00d7'), free, at;
    sheet = element('div', 'sheet');
    close.type = 'button';
    close.title = words.close;
    close.setAttribute('aria-label', words.close);
    close.addEventListener('click', closeSheet);
    sheet.appendChild(close);
    sheet.appendChild(content);
    document.body.appendChild(sheet);
    spot = L.circleMarker(latlng, { pane: 'spot', radius: 9, color: '#000', weight: 2, fill: true, fillColor: '#fff', fillOpacity: 0.6, interactive: false }).addTo(map);
    free = map.getSize().y - sheet.offsetHeight - 30;
    at = map.latLngToContainerPoint(latlng);
    if (at.y > free) map.panBy([0, at.y - free]);
  }

  function ask(event) {
    var found = hits(event), content = element('div', 'cards'), size = map.getSize();
    closeSheet();
    if (!found.length) return;
    found.slice(0, 12).forEach(function (pair, i) { content.appendChild(card(pair[0], pair[1], i === 0)); });
    if (found.length > 12) content.appendChild(element('p', 'more', '… ' + words.more));
    if (isSmall()) {
      openSheet(content, event.latlng);
      return;
    }
    L.popup({ maxWidth: Math.min(340, size.x - 60), minWidth: Math.min(240, size.x - 60), maxHeight: Math.round(size.y * 0.55), autoPanPadding: [12, 12] })
      .setLatLng(event.latlng).setContent(content).openOn(map);
  }

  /* --- controls --------------------------------------------------------------------------------------------------------------- */

  function button(bar, className, title, text, act) {
    var link = L.DomUtil.create('a', className, bar);
    link.href = '#';
    link.title = title;
    link.setAttribute('role', 'button');
    link.setAttribute('aria-label', title);
    link.textContent = text;
    L.DomEvent.on(link, 'click', function (event) {
      L.DomEvent.stop(event);
      act();
    });
    return link;
  }

  function control(position, fill) {
    var made = L.control({ position: position });
    made.onAdd = function () {
      var box = fill();
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    made.addTo(map);
  }

  function homeBounds() {
    var all = L.latLngBounds([]);
    ['focus', 'result', 'any'].forEach(function (want) {
      if (all.isValid()) return;
      layers.forEach(function (layer) {
        if (layer.box && (want === 'focus' ? layer.focus : want === 'result' ? layer.on_at_first && !layer.input : true)) all.extend(toBounds(layer.box));
      });
    });
    return all;
  }

  function goHome() {
    var all = homeBounds();
    if (all.isValid()) map.fitBounds(all, { padding: [16, 16], maxZoom: 15 });
  }

  /** The library's scale, in the words of the page. */
  var ScaleBar = L.Control.Scale.extend({
    _updateMetric: function (most) {
      var metres = this._getRoundNum(most);
      this._updateScale(this._mScale, metres < 1000 ? metres + ' ' + words.m : metres / 1000 + ' ' + words.km, metres / most);
    }
  });

  function addControls() {
    control('topleft', function () {
      var box = element('div', 'heading');
      box.appendChild(element('h1', '', data.title));
      if (data.note) box.appendChild(element('p', 'note', data.note));
      return box;
    });
    control('topleft', function () {
      var bar = element('div', 'leaflet-bar');
      button(bar, 'zoom-in', words.zoom_in, '+', function () { map.zoomIn(1); });
      button(bar, 'zoom-out', words.zoom_out, '\u2212', function () { map.zoomOut(1); });
      button(bar, 'full', words.full, '\u2922', goHome);
      return bar;
    });
    control('topright', function () {
      var bar = element('div', 'leaflet-bar open-panel');
      button(bar, 'layers', words.layers, '\u2630 ' + words.layers, function () { togglePanel(true); });
      return bar;
    });
    new ScaleBar({ imperial: false, maxWidth: 140 }).addTo(map);
    control('bottomright', function () { return element('div', 'credit', data.attribution && data.tiles_on ? data.attribution : words.made); });
  }

  function credit(text) {
    document.querySelector('.credit').textContent = text;
  }

  /* --- the panel: layers on and off, and the legend ------------------------------------------------------------------------------ */

  function togglePanel(open) {
    closeSheet();
    document.body.className = open ? 'panel-open' : 'panel-closed';
    setTimeout(function () { map.invalidateSize({ pan: false }); }, 0);
  }

  function tick(label, on, act) {
    var line = element('label'), box = element('input');
    box.type = 'checkbox';
    box.checked = on;
    box.addEventListener('change', function () { act(box.checked); });
    line.appendChild(box);
    line.appendChild(label);
    line.tick = box;
    return line;
  }

  function addLegend(layer, parent) {
    var list;
    if (layer.symbols.length < 2 && !(layer.symbols[0] && layer.symbols[0].label)) return;
    list = element('ul', 'legend');
    layer.symbols.forEach(function (symbol) {
      var item = element('li');
      item.appendChild(swatch(layer.kind, symbol));
      item.appendChild(element('span', '', symbol.label));
      list.appendChild(item);
    });
    parent.appendChild(list);
  }

  function addLayer(layer, parent, changed) {
    var row = element('div', 'layer'), name = element('span', 'title'), line, zoom, method;
    if (layer.symbols.length === 1 && !layer.symbols[0].label) name.appendChild(swatch(layer.kind, layer.symbols[0]));
    name.appendChild(element('span', '', layer.title));
    line = tick(name, layer.on, function (on) {
      show(layer, on);
      row.classList.toggle('off', !on);
      placeNames();
      changed();
    });
    layer.box_ = line.tick;
    layer.row_ = row;
    row.setAttribute('data-layer', layer.id);
    row.classList.toggle('off', !layer.on);
    zoom = element('button', 'zoom');
    zoom.appendChild(targetNode());
    zoom.type = 'button';
    zoom.title = words.zoom_to;
    zoom.setAttribute('aria-label', words.zoom_to + ': ' + layer.title);
    zoom.addEventListener('click', function () {
      if (!layer.on) layer.box_.click();
      if (layer.box) map.fitBounds(toBounds(layer.box), { padding: [24, 24], maxZoom: 15 });
      if (isSmall()) togglePanel(false);
    });
    row.appendChild(line);
    row.appendChild(zoom);
    addLegend(layer, row);
    if (layer.method) {
      method = element('details', 'method');
      method.appendChild(element('summary', '', words.method));
      method.appendChild(element('p', '', layer.method));
      row.appendChild(method);
    }
    parent.appendChild(row);
  }

  function addGroup(group, parent) {
    var section = element('section'), all;
    function changed() {
      var on = group.layers.filter(function (layer) { return layer.on; }).length;
      all.tick.checked = on === group.layers.length;
      all.tick.indeterminate = on > 0 && on < group.layers.length;
    }
    all = tick(element('h2', '', group.name), true, function (on) {
      group.layers.forEach(function (layer) {
        show(layer, on);
        layer.row_.classList.toggle('off', !on);
      });
      placeNames();
      changed();
    });
    section.appendChild(all);
    group.layers.forEach(function (layer) { addLayer(layer, section, changed); });
    changed();
    parent.appendChild(section);
  }

  function addBackground(parent) {
    var tiles, row;
    if (!data.tiles.length) return;
    tiles = L.layerGroup(data.tiles.map(function (url) { return L.tileLayer(url, { maxZoom: 18 }); }));
    function use(on) {
      if (on) tiles.addTo(map);
      else tiles.remove();
      credit(on && data.attribution ? data.attribution : words.made);
    }
    row = element('div', 'layer background');
    row.appendChild(tick(element('span', 'title', words.background), data.tiles_on, use));
    parent.appendChild(row);
    use(data.tiles_on);
  }

  function addPanel() {
    var panel = document.getElementById('panel'), head = element('header'), close = element('button', 'close', '\u00d7'), body = element('div', 'list'), foot = element('footer');
    close.type = 'button';
    close.title = words.close;
    close.setAttribute('aria-label', words.close);
    close.addEventListener('click', function () { togglePanel(false); });
    head.appendChild(element('span', '', words.layers));
    head.appendChild(close);
    panel.appendChild(head);
    data.groups.forEach(function (group) { addGroup(group, body); });
    addBackground(body);
    foot.appendChild(element('p', '', words.hint));
    if (data.note) foot.appendChild(element('p', 'note', data.note));
    if (data.left_out.length) foot.appendChild(element('p', '', words.left_out + data.left_out.join(', ')));
    foot.appendChild(element('p', '', words.colours + ' ' + data.datum));
    foot.appendChild(element('p', '', words.made + '. ' + words.library));
    body.appendChild(foot);
    panel.appendChild(body);
  }

  /* --- start ------------------------------------------------------------------------------------------------------------------ */

  data.groups.forEach(function (group) { layers.push.apply(layers, group.layers); });
  layers.forEach(function (layer, i) {
    prepare(layer, layers.length - i); // the first of the list lies on top
    layer.on_at_first = layer.on;
  });
  document.body.className = isSmall() ? 'panel-closed' : 'panel-open';
  addControls();
  addPanel();
  map.invalidateSize({ pan: false });
  goHome();
  if (!homeBounds().isValid()) map.setView([0, 0], 4);
  layers.forEach(function (layer) { if (layer.on) show(layer, true); });
  placeNames();
  map.on('zoomend moveend resize', placeNames);
  map.on('click', ask);
}());
