#!/usr/bin/python3 -B
"""Areas that ecobelt wrote against QGIS's own $area with the ellipsoid set: check_area.py FILE LAYER ELLIPSOID

Every feature's geodesic_m2 must be what QGIS shows, to 1e-9 or to the noise of QGIS's own sum (1e-4 m2 an edge).
"""
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import QgsApplication, QgsDistanceArea, QgsExpression, QgsExpressionContext, QgsProject, QgsVectorLayer

file, name, ellipsoid = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
assert layer.isValid(), file
project = QgsProject.instance()
expression = QgsExpression("$area")
context = QgsExpressionContext()
measure = QgsDistanceArea()
measure.setSourceCrs(layer.crs(), project.transformContext())
assert measure.setEllipsoid(ellipsoid), ellipsoid
expression.setGeomCalculator(measure)
worst, features, bad = 0.0, 0, 0
for feature in layer.getFeatures():
    context.setFeature(feature)
    shown, written = expression.evaluate(context), feature["geodesic_m2"]
    vertices = sum(1 for _ in feature.geometry().vertices())
    off = abs(shown - written)
    worst = max(worst, off / max(shown, 1))
    features += 1
    if off > 1e-9 * shown + 1e-4 * vertices ** 0.5:
        bad += 1
        print(f"feature {feature.id()}: QGIS {shown:.6f}, ecobelt {written:.6f}")
print(f"{features} features, {bad} differ, worst {worst:.1e}")
sys.stdout.flush()
# QGIS may crash on the way out of an offscreen session; what was found is said already.
os._exit(1 if bad or not features else 0)
