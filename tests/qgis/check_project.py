#!/usr/bin/python3 -B
"""A run's QGIS project, opened by QGIS: whole, styled, labelled, measured alike, and printed.

Usage: check_project.py FOLDER NAME [SHEET.png [SHEET.pdf]]
The folder is copied elsewhere first: a project must stand being moved.
"""
import os
import shutil
import sqlite3
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import (QgsApplication, QgsDistanceArea, QgsFeatureSource, QgsLayoutExporter, QgsLayoutItemLegend, QgsLayoutItemMap, QgsLayoutItemPicture,
                       QgsLayoutItemScaleBar, QgsProject, QgsUnitTypes,
                       QgsVectorLayer)
from qgis.PyQt.QtGui import QImage

source, name = sys.argv[1], sys.argv[2]
png = sys.argv[3] if len(sys.argv) > 3 else None
pdf = sys.argv[4] if len(sys.argv) > 4 else None
problems = []
# What a good run finds none of: its layer is there, and empty.
MAY_BE_EMPTY = ("_unreached", "_islands", "_joins")


def expect(good, text):
    if not good:
        problems.append(text)


def check_layers(project):
    shapes = [layer for layer in project.mapLayers().values() if layer.isSpatial()]
    for layer in project.mapLayers().values():
        expect(layer.isValid(), f"{layer.id()}: not valid")
        expect(layer.featureCount() > 0 or layer.id().rsplit("_ecobelt_", 1)[0].endswith(MAY_BE_EMPTY), f"{layer.id()}: empty")
        expect(layer.source().startswith(project.homePath()), f"{layer.id()}: reads {layer.source()}")
    for layer in shapes:
        expect(layer.crs().isValid(), f"{layer.id()}: no CRS")
        expect(layer.id().endswith("_ecobelt_layer"), f"{layer.id()}: QGIS gave it another id")
    styled = [layer for layer in shapes if layer.renderer().type() == "categorizedSymbol"]
    labelled = [layer for layer in shapes if layer.labelsEnabled()]
    expect(len(styled) >= 6, f"{len(styled)} layers with categories")
    expect(len(labelled) >= 5, f"{len(labelled)} layers with labels")
    named = {"park", "roads", "rivers", "counties", "neighbours", "scenic_areas", "heritage_sites", "corridor_sites", "facilities", "designations",
             "demonstration_zone", "west_new_city_bounds", "cooperation_area"}
    bare = named - {layer.id().rsplit("_ecobelt_", 1)[0] for layer in labelled}
    expect(not bare, f"layers with names and no labels: {sorted(bare)}")
    for layer in labelled:
        expect(layer.fields().indexFromName(layer.labeling().settings().fieldName) >= 0, f"{layer.id()}: label of no field")
    return shapes


def check_tree(project):
    groups = [group.name() for group in project.layerTreeRoot().findGroups()]
    expect(len(groups) == 4, f"groups {groups}")
    for node in project.layerTreeRoot().findLayers():
        expect(node.layer() is not None, f"{node.layerId()}: in the tree alone")
    drawn = project.layerTreeRoot().checkedLayers()
    expect(5 < len([layer for layer in drawn if layer.isSpatial()]), "too little is drawn")


def check_settings(project):
    expect(project.crs().authid() == "EPSG:4549", f"project CRS {project.crs().authid()}")
    expect(project.ellipsoid() == "EPSG:1024", f"ellipsoid {project.ellipsoid()}")
    expect(project.areaUnits() == QgsUnitTypes.AreaHectares, "areas are not in hectares")
    expect(len(project.title()) > 3, "no title")
    marks = {mark.id() for mark in project.bookmarkManager().bookmarks()}
    expect({"park", "belt_dissolved", "demonstration_zone"} <= marks, f"bookmarks of {sorted(marks)} alone")


def check_aliases(project):
    """Attributes have headings for people, with their unit."""
    layers = {layer.id().rsplit("_ecobelt_", 1)[0]: layer for layer in project.mapLayers().values() if layer.isSpatial()}
    wanted = {"counties": ("published_km2", ("Published area (km²)", "公布面积(平方公里)")), "belt_dissolved": ("area_m2", ("Area (m²)", "面积(平方米)"))}
    for name, (field, headings) in wanted.items():
        layer = layers[name]
        seen = layer.attributeDisplayName(layer.fields().indexFromName(field))
        expect(seen in headings, f"{name}.{field} is called {seen}")
        # The package alone, without the project, says the same.
        alone = QgsVectorLayer(layer.source(), name, "ogr")
        expect(alone.attributeDisplayName(alone.fields().indexFromName(field)) == seen, f"{name}.{field} has another heading in the package")
        expect(alone.renderer().dump() == layer.renderer().dump(), f"{name} is drawn in another way from the package alone")
    for layer in layers.values():
        expect(layer.hasSpatialIndex() == QgsFeatureSource.SpatialIndexPresent, f"{layer.id()}: no spatial index")


def check_package(file):
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as package:
        expect(package.execute("PRAGMA journal_mode").fetchone()[0] == "delete", "the package is in another journal mode")
        expect(package.execute("SELECT count(*) FROM layer_styles WHERE useAsDefault").fetchone()
               == package.execute("SELECT count(*) FROM gpkg_geometry_columns").fetchone(), "not every layer has a default style")
    expect(not [name for name in os.listdir(os.path.dirname(file)) if name.endswith(("-wal", "-shm", "-journal"))], "files lie beside the package")


def check_legend(project):
    """The legend of the sheet names what is drawn and holds something, and lies on the sheet."""
    sheet = project.layoutManager().printLayouts()[0]
    legend = [item for item in sheet.items() if isinstance(item, QgsLayoutItemLegend)][0]
    legend.adjustBoxSize()
    box = legend.mapRectToScene(legend.rect())
    expect(box.right() <= 420 and box.bottom() <= 297, f"the legend ends at {box.right():.0f}, {box.bottom():.0f} mm")
    drawn = {layer.id() for layer in project.layerTreeRoot().checkedLayers() if layer.isSpatial()}
    named = {node.layerId() for node in legend.model().rootGroup().findLayers()}
    expect(named == drawn, f"legend and map differ: {sorted(named ^ drawn)}")
    expect(all(project.mapLayer(name).featureCount() > 0 for name in named), "the legend names an empty layer")
    for name in sorted(drawn):
        expect(project.mapLayer(name).renderer().type() != "nullSymbol", f"{name} has no symbol")


def check_areas(project):
    """$area of QGIS against the geodesic area in the layer; its formula is good to a part in a million here."""
    for layer in project.mapLayers().values():
        field = layer.fields().indexFromName("geodesic_m2")
        if not layer.isSpatial() or field < 0:
            continue
        measure = QgsDistanceArea()
        measure.setSourceCrs(layer.crs(), project.transformContext())
        measure.setEllipsoid(project.ellipsoid())
        for feature in layer.getFeatures():
            own, theirs = feature[field], measure.measureArea(feature.geometry())
            expect(abs(own - theirs) < 2e-6 * own, f"{layer.id()} {feature.id()}: {own} here, {theirs} in QGIS")


def print_sheet(project):
    layouts = project.layoutManager().printLayouts()
    expect(len(layouts) == 1, f"{len(layouts)} map sheets")
    if not layouts:
        return
    sheet = layouts[0]
    size = sheet.pageCollection().page(0).pageSize()
    expect((size.width(), size.height()) == (420, 297), f"the sheet is {size.width()} x {size.height()}")
    for kind in (QgsLayoutItemMap, QgsLayoutItemLegend, QgsLayoutItemScaleBar, QgsLayoutItemPicture):
        items = [item for item in sheet.items() if isinstance(item, kind)]
        expect(len(items) == 1, f"{len(items)} items of {kind.__name__}")
        for item in items:
            linked = item.linkedMap() if hasattr(item, "linkedMap") else item
            expect(linked is not None, f"{kind.__name__} belongs to no map")
    exporter = QgsLayoutExporter(sheet)
    if png:
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = 100
        expect(exporter.exportToImage(png, settings) == QgsLayoutExporter.Success, "no picture of the sheet")
        image = QImage(png)
        for part, box in (("map", (0.1, 0.2, 0.7, 0.9)), ("legend", (0.76, 0.1, 0.97, 0.6)), ("notes", (0.76, 0.78, 0.97, 0.97)), ("title", (0.02, 0.02, 0.5, 0.07))):
            w, h = image.width(), image.height()
            colours = {image.pixel(x, y) for x in range(int(box[0] * w), int(box[2] * w)) for y in range(int(box[1] * h), int(box[3] * h), 2)}
            expect(len(colours) > (20 if part in ("map", "legend") else 3), f"the {part} of the sheet has {len(colours)} colours")
    if pdf:
        expect(exporter.exportToPdf(pdf, QgsLayoutExporter.PdfExportSettings()) == QgsLayoutExporter.Success, "no PDF of the sheet")


application = QgsApplication([], False)
application.initQgis()
with tempfile.TemporaryDirectory() as elsewhere:
    folder = os.path.join(elsewhere, "移动 moved")
    shutil.copytree(source, folder)
    qgis = QgsProject.instance()
    expect(qgis.read(os.path.join(folder, name + ".qgz")), f"not read: {qgis.error()}")
    spatial = check_layers(qgis)
    check_tree(qgis)
    check_settings(qgis)
    check_areas(qgis)
    check_aliases(qgis)
    check_package(os.path.join(folder, name + ".gpkg"))
    check_legend(qgis)
    print_sheet(qgis)
    qgis.clear()
for problem in problems:
    print(problem)
print(f"{len(spatial)} layers of the project looked at, {len(problems)} problems")
sys.stdout.flush()
# QGIS may crash on the way out of an offscreen session; what was found is said already.
os._exit(1 if problems else 0)
