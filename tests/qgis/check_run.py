#!/usr/bin/python3 -B
"""A run's folder as QGIS sees it: every layer is valid, where it should be, and says what it is.

Usage: check_run.py FOLDER NAME [PICTURE.png]
"""
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", os.environ.get("TMPDIR", "/tmp"))
from osgeo import ogr
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

folder, name = sys.argv[1], sys.argv[2]
picture = sys.argv[3] if len(sys.argv) > 3 else None
problems = []
# What a good run finds none of: its layer is there, and empty.
MAY_BE_EMPTY = ("_unreached", "_islands", "_joins")


def expect(good, text):
    if not good:
        problems.append(text)


def may_be_empty(layer_name):
    return layer_name.endswith(MAY_BE_EMPTY)


def layers_of(file):
    data = ogr.Open(file)
    return [(data.GetLayer(i).GetName(), data.GetLayer(i).GetGeomType()) for i in range(data.GetLayerCount())]


def check_package(file):
    """Every layer of the package; those with shapes are returned, bottom first."""
    found = []
    for layer_name, kind in layers_of(file):
        layer = QgsVectorLayer(f"{file}|layername={layer_name}", layer_name, "ogr")
        expect(layer.isValid(), f"{layer_name}: not valid")
        empty = layer.featureCount() == 0
        expect(not empty or may_be_empty(layer_name), f"{layer_name}: empty")
        if kind == ogr.wkbNone or layer_name == "layer_styles":
            continue
        expect(layer.crs().authid() == "EPSG:4490", f"{layer_name}: CRS {layer.crs().authid()}")
        box = layer.extent()
        expect(empty or 113 < box.xMinimum() < box.xMaximum() < 122 and 25 < box.yMinimum() < box.yMaximum() < 33, f"{layer_name}: extent {box.toString()}")
        bad = [f.id() for f in layer.getFeatures() if f.hasGeometry() and not f.geometry().isGeosValid()]
        expect(not bad, f"{layer_name}: invalid shapes {bad[:5]}")
        found.append(layer)
    return found


def check_styles(layers):
    """The default style of each layer comes from the package, and draws every feature."""
    renderers = {layer.name(): layer.renderer() for layer in layers}
    for layer in layers:
        package = ogr.Open(layer.source().split("|")[0])
        rows = package.ExecuteSQL(f"SELECT styleQML FROM layer_styles WHERE f_table_name = '{layer.name()}'")
        expect(rows.GetFeatureCount() == 1, f"{layer.name()}: {rows.GetFeatureCount()} styles")
        renderer = layer.renderer()
        if renderer.type() == "categorizedSymbol":
            values = {c.value() for c in renderer.categories()} - {""}
            field = layer.fields().indexFromName(renderer.classAttribute())
            expect(field >= 0, f"{layer.name()}: no field {renderer.classAttribute()}")
            found = {str(v).lower() if isinstance(v, bool) else str(v)[:-2] if str(v).endswith(".0") else str(v) for v in layer.uniqueValues(field)}
            # Corridors may be of any width: those that the style does not name are drawn by its category for the rest.
            rest = renderer.classAttribute() == "width_m" and any(c.value() == "" and c.renderState() for c in renderer.categories())
            expect(found & values or rest, f"{layer.name()}: no category of {sorted(values)} fits {sorted(found)}")
            expect(not any("|" in c.label() + str(c.value()) for c in renderer.categories()), f"{layer.name()}: both languages at once")
    for wanted, kind in (("park", "categorizedSymbol"), ("belt", "categorizedSymbol"), ("roads", "categorizedSymbol"), ("counties", "singleSymbol")):
        expect(wanted not in renderers or renderers[wanted].type() == kind, f"{wanted}: drawn as {renderers.get(wanted) and renderers[wanted].type()}")
    for wanted in ("counties", "rivers", "scenic_areas"):
        for layer in layers:
            expect(layer.name() != wanted or layer.labelsEnabled(), f"{wanted}: no labels")


def check_maps(maps):
    for file in sorted(os.listdir(maps)):
        if not file.endswith(".geojson"):
            continue
        layer = QgsVectorLayer(os.path.join(maps, file), file, "ogr")
        expect(layer.isValid(), f"{file}: not valid")
        if layer.featureCount() == 0:
            # GeoJSON without features has no kind of shape, and QGIS takes it for a table.
            expect(may_be_empty(file[: -len(".geojson")]), f"{file}: empty")
            continue
        expect(layer.crs().authid() == "EPSG:4326", f"{file}: CRS {layer.crs().authid()}")


def check_tables(statistics):
    """Numbers of a CSV are numbers: the .csvt beside it says so."""
    for file in sorted(os.listdir(statistics)):
        if not file.endswith(".csv"):
            continue
        layer = QgsVectorLayer(os.path.join(statistics, file), file, "ogr")
        expect(layer.isValid(), f"{file}: not valid")
        expect(layer.featureCount() > 0 or may_be_empty(file[: -len(".csv")]), f"{file}: empty")
        for field in layer.fields():
            wants_number = field.name().endswith(("_m2", "_km2", "_m", "_pct"))
            expect(not wants_number or field.isNumeric(), f"{file}: {field.name()} is {field.typeName()}")


def draw(layers, file):
    settings = QgsMapSettings()
    settings.setLayers(list(reversed(layers)))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4549"))
    settings.setFlag(QgsMapSettings.DrawLabeling, True)
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(1400, 1400))
    region = [layer for layer in layers if layer.name() == "counties"] or layers
    transform = QgsCoordinateTransform(region[0].crs(), settings.destinationCrs(), QgsProject.instance())
    settings.setExtent(transform.transformBoundingBox(region[0].extent()).buffered(5000))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    expect(len(colours) > 5, f"the picture has {len(colours)} colours")
    expect(image.save(file), f"{file}: not written")


application = QgsApplication([], False)
application.initQgis()
package = check_package(os.path.join(folder, name + ".gpkg"))
check_styles(package)
check_maps(os.path.join(folder, "maps"))
check_tables(os.path.join(folder, "statistics"))
if picture:
    draw(package, picture)
for problem in problems:
    print(problem)
print(f"{len(package)} layers with shapes looked at, {len(problems)} problems")
sys.stdout.flush()
# QGIS may crash on the way out of an offscreen session; what was found is said already.
os._exit(1 if problems else 0)
