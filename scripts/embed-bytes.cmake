# One file as a C array NAME and its size NAME_size; a zero byte follows it.
#   cmake -DFILE=zh_CN.mo -DOUT=catalogue.c -DNAME=eb_catalogue_zh -DHEADER=base/translate.h -P embed-bytes.cmake
file(READ "${FILE}" hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
file(WRITE "${OUT}" "#include \"${HEADER}\"\n\nconst unsigned char ${NAME}[] = {\n${hex}0};\nconst size_t ${NAME}_size = ${size};\n")
