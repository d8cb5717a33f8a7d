# Files as C arrays, so that the library needs no folder of its own at run time.
#   cmake -DOUT=embedded.c -DFILES="a.qml;b.qml" -P embed.cmake
set(text "#include \"report/embedded.h\"\n\n")
set(table "")
set(number 0)
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  string(REPLACE ".min." "." name "${name}") # packages name the same file differently
  file(READ "${file}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  string(APPEND text "static const unsigned char file_${number}[] = {\n${hex}0};\n\n")
  string(APPEND table "    {\"${name}\", (const char *)file_${number}, ${size}},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND text "static const eb_embedded files[] = {\n${table}};\n\n"
  "const eb_embedded *eb_embedded_at(size_t i)\n{\n    return i < ${number} ? &files[i] : NULL;\n}\n")
file(WRITE "${OUT}" "${text}")
