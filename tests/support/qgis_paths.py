"""Shortest ways by QGIS's network analysis: qgis_paths.py ROADS PAIRS.

ROADS is a line layer with a field "direction" (1 forward, -1 backward, 0 both), PAIRS a CSV file of number, ids, and the two places.
Prints "number|metres" for every pair between which there is a way.
"""
import csv
import sys

from qgis.analysis import QgsGraphAnalyzer, QgsGraphBuilder, QgsNetworkDistanceStrategy, QgsVectorLayerDirector
from qgis.core import QgsApplication, QgsPointXY, QgsVectorLayer

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
roads = QgsVectorLayer(sys.argv[1], "roads", "ogr")
assert roads.isValid() and roads.featureCount() > 0
with open(sys.argv[2], newline="", encoding="utf-8") as file:
    pairs = [(row[0], QgsPointXY(float(row[3]), float(row[4])), QgsPointXY(float(row[5]), float(row[6]))) for row in csv.reader(file)]

director = QgsVectorLayerDirector(roads, roads.fields().indexOf("direction"), "1", "-1", "0", QgsVectorLayerDirector.DirectionBoth)
director.addStrategy(QgsNetworkDistanceStrategy())
builder = QgsGraphBuilder(roads.crs(), False, 0, "WGS84")
director.makeGraph(builder, [])
graph = builder.graph()
vertices = [graph.vertex(i).point() for i in range(graph.vertexCount())]
number_at = {(p.x(), p.y()): i for i, p in enumerate(vertices)}


def vertex_at(place):
    """The vertex on the place, else the nearest one."""
    found = number_at.get((place.x(), place.y()))
    return min(range(len(vertices)), key=lambda i: vertices[i].sqrDist(place)) if found is None else found


for number, a, b in pairs:
    start, end = vertex_at(a), vertex_at(b)
    tree, cost = QgsGraphAnalyzer.dijkstra(graph, start, 0)
    if tree[end] >= 0:
        print(f"{number}|{cost[end]!r}")
