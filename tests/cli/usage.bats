#!/usr/bin/env bats
# Options: how they are read, refused and described.
load ../support/helper

@test "--json-usage is one JSON object with stable members" {
  eb --json-usage
  assert_exit 0
  assert_no_err
  assert_equal ecobelt "$(json 'd["program"]')"
  assert_equal 1 "$(json 'd["usage_version"]')"
  assert_equal '["0", "1", "130", "2", "3", "4", "5", "70"]' "$(json 'sorted(d["exit_codes"])')"
  assert_equal '[]' "$(json '[k for k in ("name","summary","detail","example","arguments","options","common_options","results","plan_step") for c in d["commands"] if k not in c]')"
}

@test "--json-usage: every parameter is complete" {
  eb --json-usage
  assert_equal '[]' "$(json '[(c["name"], p["key"]) for c in d["commands"] for p in c["options"] + c["arguments"] + d["common_options"] if not (p["help"] and p["type"] and p["key"] and "required" in p and "list" in p)]')"
  # A choice says what there is to choose, and its default is one of it.
  assert_equal '[]' "$(json '[(c["name"], p["key"]) for c in d["commands"] for p in c["options"] if p["type"] == "choice" and (len(p["choices"]) < 2 or p.get("default", p["choices"][0]) not in p["choices"])]')"
  # A field says of which layer.
  assert_equal '[]' "$(json '[(c["name"], p["key"]) for c in d["commands"] for p in c["options"] if p["type"] == "field" and p.get("field_of") not in [q["key"] for q in c["options"] + c["arguments"]]]')"
}

@test "--json-usage: no option twice in a command, no letter twice" {
  eb --json-usage
  assert_equal '[]' "$(json '[c["name"] for c in d["commands"] if len({p["option"] for p in c["options"]} | set(c["common_options"])) != len(c["options"]) + len(c["common_options"])]')"
  assert_equal '[]' "$(json '[c["name"] for c in d["commands"] for L in [[p["letter"] for p in c["options"] + [q for q in d["common_options"] if q["option"] in c["common_options"]] if "letter" in p]] if len(L) != len(set(L))]')"
}

@test "help says every option that --json-usage says" {
  eb --json-usage
  while read -r name options; do
    eb help "$name"
    for option in $options; do assert_out "$option"; done
  done < <(json '"\n".join(" ".join([c["name"]] + [p["option"] for p in c["options"]] + c["common_options"]) for c in d["commands"])')
}

@test "unknown option: refused, with a suggestion where one is near" {
  eb help --hlep
  assert_exit 2
  assert_no_out
  assert_err "no option --hlep"
  assert_err "did you mean --help"
  eb help --qqqqqq
  assert_exit 2
  refute_err "did you mean"
  assert_err 'ecobelt help --help'
}

@test "unknown letter: refused" {
  eb help -Z
  assert_exit 2
  assert_err "no option -Z"
}

@test "too many arguments: the first that is too many is named" {
  eb help help run
  assert_exit 2
  assert_err '"run" is one argument too many'
}

@test "-- ends the options" {
  eb help -- --help
  assert_exit 2
  assert_err 'no command "--help"'
}

@test "a switch takes no value" {
  eb help --help=yes
  assert_exit 2
  assert_err "takes no value"
}

@test "messages of usage errors name the command and come on stderr only" {
  eb help --nonsense
  assert_no_out
  [[ $stderr == "ecobelt help: "* ]] || show "no command in front"
}
