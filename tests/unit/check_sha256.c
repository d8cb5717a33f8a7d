/* SHA-256 against the examples of FIPS 180-4 and the NIST vectors. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

static const struct row {
    const char *label, *text;
    size_t repeat;
    const char *digest;
} rows[] = {
    {"empty", "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"448 bits", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"896 bits", "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 1,
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"a million a", "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

START_TEST(published_digests)
{
    const struct row *row = &rows[_i];
    char text[EB_SHA256_TEXT];
    eb_sha256 digest;
    eb_sha256_begin(&digest);
    for (size_t i = 0; i < row->repeat; i++) eb_sha256_add(&digest, row->text, strlen(row->text));
    eb_sha256_end(&digest, text);
    ck_assert_msg(strcmp(text, row->digest) == 0, "%s: %s", row->label, text);
}
END_TEST

START_TEST(pieces_do_not_matter)
{
    char bytes[300], whole[EB_SHA256_TEXT], pieces[EB_SHA256_TEXT];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 7);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        eb_sha256 digest;
        eb_sha256_bytes(bytes, size, whole);
        eb_sha256_begin(&digest);
        for (size_t i = 0; i < size; i += 13) eb_sha256_add(&digest, bytes + i, size - i < 13 ? size - i : 13);
        eb_sha256_end(&digest, pieces);
        ck_assert_str_eq(whole, pieces);
    }
}
END_TEST

START_TEST(files)
{
    char name[] = "/tmp/check_sha256.XXXXXX", text[EB_SHA256_TEXT];
    uint64_t size = 0;
    eb_error err = {0};
    FILE *file = fdopen(mkstemp(name), "wb");
    fputs("abc", file);
    fclose(file);
    ck_assert_int_eq(eb_sha256_file(name, text, &size, &err), EB_OK);
    ck_assert_str_eq(text, rows[1].digest);
    ck_assert_uint_eq(size, 3);
    remove(name);
    ck_assert_int_eq(eb_sha256_file(name, text, &size, &err), EB_INPUT);
    ck_assert_str_eq(err.file, name);
    ck_assert_int_eq(eb_sha256_file("/tmp", text, &size, &err), EB_INPUT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sha256");
    TCase *tcase = tcase_create("sha256");
    tcase_add_loop_test(tcase, published_digests, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(tcase, pieces_do_not_matter);
    tcase_add_test(tcase, files);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
