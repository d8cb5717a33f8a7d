"""Open layers in QGIS without a window. Usage: qgis_open.py PNG FILE...

Prints, one line a layer: file, layer, valid, features, CRS, geometry. Exit code 1 where one is not valid or draws nothing. PNG receives a picture
of all layers ("-": none).
"""
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import (QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer, QgsWkbTypes, QgsProviderRegistry,
                       QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject, QgsRectangle)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def layers_of(path):
    """The vector layers of a file; tables without geometry are left out."""
    for part in QgsProviderRegistry.instance().querySublayers(path) or []:
        layer = part.toLayer(part.LayerOptions(QgsProject.instance().transformContext()))
        yield layer


def main():
    app = QgsApplication([], False)
    app.initQgis()
    picture, good, shown = sys.argv[1], True, []
    for path in sys.argv[2:]:
        found = list(layers_of(path))
        if not found:
            print(path, "no layers", sep="\t")
            good = False
        for layer in found:
            geometry = QgsWkbTypes.geometryDisplayString(layer.geometryType())
            print(path, layer.name(), layer.isValid(), layer.featureCount(), layer.crs().authid(), geometry, sep="\t")
            if not layer.isValid():
                good = False
            elif layer.geometryType() != QgsWkbTypes.NullGeometry:
                good = good and layer.crs().isValid() and (layer.featureCount() == 0 or not layer.extent().isNull())
                shown.append(layer)
    if picture != "-" and good:
        settings = QgsMapSettings()
        settings.setLayers(shown[::-1])
        settings.setBackgroundColor(QColor("white"))
        settings.setOutputSize(QSize(1400, 1200))
        crs = QgsCoordinateReferenceSystem("EPSG:4490")
        settings.setDestinationCrs(crs)
        box = QgsRectangle()
        for layer in shown:
            box.combineExtentWith(QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance()).transformBoundingBox(layer.extent()))
        settings.setExtent(box)
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        image = job.renderedImage()
        image.save(picture)
        colours = {image.pixel(x, y) for x in range(0, 1400, 7) for y in range(0, 1200, 7)}
        good = len(colours) > 1
    del shown
    sys.stdout.flush()
    os._exit(0 if good else 1)  # QGIS's own end without a window crashes now and then


main()
