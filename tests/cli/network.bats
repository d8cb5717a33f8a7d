#!/usr/bin/env bats
# network: what hangs together, dead ends, missing links. Judged by small networks whose answer is plain, and by what must add up.

load ../support/helper
load ../support/roads

# network OPTIONS...
network() { eb network roads.geojson --json -q "$@"; }
# properties FILE: of all features, one a line.
properties() { python3 -c "import json, sys; [print(*f['properties'].values(), sep='|') for f in json.load(open(sys.argv[1]))['features']]" "$1"; }

@test "a whole network is one component; its lengths add up by class" {
    ladder
    network
    assert_exit 0
    assert_equal "1 6 7 100" "$(json "' '.join(f'{r[k]:g}' for r in d['tables'][0]['rows'] for k in ('component', 'nodes', 'edges', 'share_pct'))")"
    assert_equal "0 0" "$(json "f\"{len(d['tables'][1]['rows'])} {len(d['tables'][2]['rows'])}\"")"
    assert_equal "二级 三级 四级" "$(column by_class class)"
    assert_equal "1 1 3" "$(column by_class count)"
    near "$(cell by_class 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.02}")" 1e-9
    near "$(json "sum(r['length_m'] for r in d['tables'][3]['rows'])")" "$(cell components 0 length_m)" 1e-12
}

@test "islands, dead ends and the missing link between them" {
    # A street, an island 20 m off its end, a spur whose end is 5 m from the street but 300 m away along the roads.
    collect roads.geojson "$(road street 二级 '0,0 0.01,0 0.02,0')" "$(road island 四级 '0.02018,0 0.03,0')" \
        "$(road spur 三级 '0.01,0 0.01,0.001 0.005,0.001 0.005,0.00005')"
    network --join 50 -o n.geojson
    assert_exit 0
    assert_equal "1 2" "$(column components component)"
    # Both ends of the island, both ends of the street, the end of the spur.
    assert_equal 5 "$(json "len(d['tables'][1]['rows'])")"
    assert_equal "island island spur street street" "$(json "' '.join(sorted(r['name'] for r in d['tables'][1]['rows']))")"
    near "$(json "[r['length_m'] for r in d['tables'][1]['rows'] if r['name'] == 'spur'][0]")" 772.2 1e-2
    # The two ends that face one another are one join.
    assert_equal 2 "$(json "len(d['tables'][2]['rows'])")"
    near "$(json "[r['gap_m'] for r in d['tables'][2]['rows'] if r['components']][0]")" 20.0375 1e-4
    near "$(json "[r['gap_m'] for r in d['tables'][2]['rows'] if r['name'] == 'spur'][0]")" 5.5287 1e-4
    assert_equal street "$(json "[r['to_name'] for r in d['tables'][2]['rows'] if r['name'] == 'spur'][0]")"
    # The longest dead ends first, the narrowest gaps first.
    assert_equal True "$(json "str([r['length_m'] for r in d['tables'][1]['rows']] == sorted((r['length_m'] for r in d['tables'][1]['rows']), reverse=True))")"
    assert_equal "spur" "$(json "d['tables'][2]['rows'][0]['name']")"
    run properties n_islands.geojson
    assert_equal "2|2|1|1093.15" "$(cut -c1-13 <<<"$output")"
    run properties n_joins.geojson
    assert_equal 2 "${#lines[@]}"
    run properties n_dead_ends.geojson
    assert_equal 5 "${#lines[@]}"
    run python3 -c "import json; print(sorted(f['properties']['component'] for f in json.load(open('n.geojson'))['features']))"
    assert_equal "[1, 1, 1, 2]" "$output"
    network --join 10
    assert_equal "spur" "$(column joins name)"
    network --join 0
    assert_equal "components dead_ends by_class" "$(json "' '.join(t['name'] for t in d['tables'])")"
}

@test "a bend round the corner is no missing link" {
    collect roads.geojson "$(road street 二级 '0,0 0.01,0 0.02,0')" "$(road hook 四级 '0.01,0 0.01,0.0003 0.0102,0.0003')"
    network --join 50
    assert_equal 0 "$(json "len(d['tables'][2]['rows'])")"
}

@test "a road that begins beside a dead end and passes it again after a detour is a missing link, cut at a vertex or not" {
    local trunk spur
    trunk=$(road trunk 二级 '-0.1,0 0,0')
    spur=$(road spur 四级 '0,0 0.001,0')
    collect roads.geojson "$trunk" "$spur" "$(road round 三级 '0,0 0,0.02 0.0011,0.02 0.0011,-0.01')"
    network --join 50
    near "$(cell joins 0 gap_m)" 11.1319 1e-4
    assert_equal "spur round" "$(cell joins 0 name) $(cell joins 0 to_name)"
    collect roads.geojson "$trunk" "$spur" "$(road round 三级 '0,0 0,0.02 0.0011,0.02')" "$(road round 三级 '0.0011,0.02 0.0011,-0.01')"
    network --join 50
    near "$(cell joins 0 gap_m)" 11.1319 1e-4
    # On the same long road just round the corner: none.
    collect roads.geojson "$trunk" "$(road spur 四级 '0,0 0.0005,0')" "$(road round 三级 '0,0 0,0.0001 0.002,0.0001 0.5,0.1')"
    network --join 50
    assert_equal "" "$(column joins gap_m)"
}

@test "a bridge or tunnel and the road below share a vertex that is no end of either: they do not meet, level or not" {
    local below
    below=$(road below 二级 '0.01,-0.01 0.01,0 0.01,0.01')
    for member in '"bridge":"yes"' '"tunnel":"yes"' '"bridge":"yes","layer":1'; do
        collect roads.geojson "$(road above 二级 '0,0 0.01,0 0.02,0' "$member")" "$below"
        network
        assert_equal "1 2" "$(column components component)"
    done
    # A bridge above a tunnel; two bridges of one level that share a vertex are a junction.
    collect roads.geojson "$(road above 二级 '0,0 0.01,0 0.02,0' '"bridge":"yes"')" "$(road below 二级 '0.01,-0.01 0.01,0 0.01,0.01' '"tunnel":"yes"')"
    network
    assert_equal "1 2" "$(column components component)"
    collect roads.geojson "$(road above 二级 '0,0 0.01,0 0.02,0' '"bridge":"yes"')" "$(road ramp 二级 '0.01,-0.01 0.01,0 0.01,0.01' '"bridge":"yes"')"
    network
    assert_equal "1" "$(column components component)"
    # The end of a bridge meets the road that passes there; the end of a road meets the bridge where nothing else passes.
    collect roads.geojson "$(road above 二级 '0,0 0.01,0' '"bridge":"yes"')" "$below"
    network
    assert_equal "1" "$(column components component)"
    collect roads.geojson "$(road above 二级 '0,0 0.01,0 0.02,0' '"bridge":"yes"')" "$(road stem 二级 '0.01,-0.01 0.01,0')"
    network
    assert_equal "1" "$(column components component)"
    # Where both pass, an end joins what it lies on itself.
    collect roads.geojson "$(road above 二级 '0,0 0.01,0 0.02,0' '"bridge":"yes"')" "$below" "$(road stem 四级 '0.015,0.005 0.01,0')"
    network
    assert_equal "1 2" "$(column components component)"
    near "$(cell components 1 length_m)" "$(awk "BEGIN {printf \"%.6f\", $EQUATOR * 0.02}")" 0.01
}

@test "with --cross a road drawn over another from the same start is joined where it ends" {
    collect roads.geojson "$(road whole 二级 '0,0 0.02,0')" "$(road part 二级 '0,0 0.01,0')"
    network --cross --join 10
    assert_equal "0" "$(json "sum(r['lon_deg'] == 0.01 for r in d['tables'][1]['rows'])")"
    assert_equal "" "$(column joins gap_m)"
    assert_equal "1" "$(json "len(d['tables'][1]['rows'])")"
}

@test "short dead ends can be left out, and are counted" {
    collect roads.geojson "$(road street 二级 '0,0 0.01,0 0.02,0')" "$(road stub 四级 '0.01,0 0.01,0.0005')"
    network --shortest 100
    assert_equal "street street" "$(column dead_ends name)"
    assert_equal True "$(json "str('1 shorter dead ends are not listed' in d['tables'][1]['notes'])")"
}

@test "closed roads are there and connect nothing; --cross joins at grade" {
    collect roads.geojson "$(road a 二级 '0,0 0.01,0')" "$(road b 二级 '0.01,0 0.02,0' '"closed":"yes"')" "$(road c 二级 '0.02,0 0.03,0')"
    network -o n.geojson
    assert_equal "1 2" "$(column components component)"
    run properties n.geojson
    assert_equal 3 "${#lines[@]}"
    assert_equal 1 "$(grep -c "None|True" <<<"$output")"
    collect roads.geojson "$(road a 二级 '0,0.01 0.02,0.01')" "$(road b 二级 '0.01,0 0.01,0.02')"
    network
    assert_equal "1 2" "$(column components component)"
    network --cross
    assert_equal "1" "$(column components component)"
    assert_equal 4 "$(json "len(d['tables'][1]['rows'])")"
}

@test "a ring and a loop have no end; one line has two" {
    collect roads.geojson "$(road ring 二级 '0,0 0.01,0 0.01,0.01 0,0')"
    network
    assert_equal 0 "$(json "len(d['tables'][1]['rows'])")"
    collect roads.geojson "$(road line 二级 '0,0 0.01,0')"
    network
    assert_equal 2 "$(json "len(d['tables'][1]['rows'])")"
    near "$(cell dead_ends 0 length_m)" "$(awk "BEGIN {printf \"%.9f\", $EQUATOR * 0.01}")" 1e-9
}

@test "no roads, points, numbers that are none" {
    collect roads.geojson
    network
    assert_exit 3
    collect roads.geojson "$(stop A 0,0)"
    network
    assert_exit 4
    ladder
    network --join -1
    assert_exit 2
    network --join 20x
    assert_exit 2
}

@test "Andorra: components against a walk of one's own over the same edges" {
    need_data
    need ogr2ogr
    eb network "$DATA/network/andorra.osm.pbf|layername=lines" -o n.geojson --json -q
    assert_exit 0
    printf '%s' "$output" >tables.json
    # The edges alone say what hangs together: group them by their ends.
    python3 - <<'EOF'
import json, collections
edges = [(f["properties"], f["geometry"]["coordinates"]) for f in json.load(open("n.geojson"))["features"]]
near = collections.defaultdict(set)
for i, (p, c) in enumerate(edges):
    line = c[0] if isinstance(c[0][0], list) else c
    for end in (line[0], line[-1]):
        near[tuple(end[:2])].add(i)
ends = collections.defaultdict(list)
for i, (p, c) in enumerate(edges):
    line = c[0] if isinstance(c[0][0], list) else c
    ends[i] = [tuple(line[0][:2]), tuple(line[-1][:2])]
seen, groups = set(), []
for i in range(len(edges)):
    if i in seen:
        continue
    stack, group = [i], []
    seen.add(i)
    while stack:
        e = stack.pop()
        group.append(e)
        for place in ends[e]:
            for other in near[place] - seen:
                seen.add(other)
                stack.append(other)
    groups.append(group)
table = [t for t in json.load(open("tables.json"))["tables"] if t["name"] == "components"][0]["rows"]
want = sorted((len(g) for g in groups), reverse=True)
assert sum(want) == sum(r["edges"] for r in table) == len(edges)
assert len(want) == len(table), (len(want), len(table))
assert want == sorted((r["edges"] for r in table), reverse=True)
assert all(len({edges[e][0]["component"] for e in g}) == 1 for g in groups)
EOF
}
