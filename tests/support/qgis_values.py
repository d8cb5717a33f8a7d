"""Values of layers as QGIS reads them. Usage: qgis_values.py FILE FIELD[,FIELD...]

Prints, one line a feature in the order of the file: the values of the fields, then the shape's kind and its place as QGIS has them.
"""
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsVectorLayer, QgsWkbTypes


def main():
    app = QgsApplication([], False)
    app.initQgis()
    path, fields = sys.argv[1], sys.argv[2].split(",")
    layer = QgsVectorLayer(path, "layer", "ogr")
    if not layer.isValid():
        print(path, "is no layer for QGIS")
        sys.stdout.flush()
        os._exit(1)
    for feature in layer.getFeatures():
        shape = feature.geometry()
        kind = QgsWkbTypes.geometryDisplayString(shape.type())
        middle = shape.boundingBox().center()
        place = "-" if shape.isNull() else f"{middle.x():.4f} {middle.y():.4f}"
        print("\t".join([str(feature[name]) for name in fields] + [kind, place]))
    sys.stdout.flush()
    os._exit(0)  # QGIS's own end without a window crashes now and then


main()
