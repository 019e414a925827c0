/* The same work as `verify judge` of the bench, by libcrypto: each message of FOLDER is parsed and verified against its
 * content by CMS_verify, with the signing-certificate attribute checked and the path built and checked to root.pem.
 * Prints nanoseconds of CPU time per message. Usage: verify FOLDER MESSAGES ROUNDS [engine] */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct bytes {
    unsigned char *start;
    long length;
};

static void fail(const char *what) {
    fprintf(stderr, "verify: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static struct bytes read_file(const char *folder, int number, const char *ending) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%04d.%s", folder, number, ending);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path);
    fseek(file, 0, SEEK_END);
    struct bytes bytes = {NULL, ftell(file)};
    rewind(file);
    bytes.start = malloc((size_t)bytes.length + 1);
    if (fread(bytes.start, 1, (size_t)bytes.length, file) != (size_t)bytes.length) fail(path);
    fclose(file);
    return bytes;
}

static X509_STORE *trust(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/root.pem", folder);
    X509_STORE *store = X509_STORE_new();
    if (store == NULL || X509_STORE_load_locations(store, path, NULL) != 1) fail(path);
    return store;
}

static void judge(const struct bytes *message, const struct bytes *content, X509_STORE *store) {
    const unsigned char *start = message->start;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &start, message->length);
    BIO *data = BIO_new_mem_buf(content->start, (int)content->length);
    if (cms == NULL || data == NULL || CMS_verify(cms, NULL, store, data, NULL, CMS_BINARY | CMS_CADES) != 1)
        fail("not valid");
    BIO_free(data);
    CMS_ContentInfo_free(cms);
}

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: verify FOLDER MESSAGES ROUNDS [engine]\n");
        return 3;
    }
    if (count > 4) {
        ENGINE_load_builtin_engines();
        ENGINE *engine = ENGINE_by_id(arguments[4]);
        if (engine == NULL || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) fail("engine");
    }
    int messages = atoi(arguments[2]), rounds = atoi(arguments[3]);
    struct bytes *signatures = calloc((size_t)messages, sizeof *signatures);
    struct bytes *contents = calloc((size_t)messages, sizeof *contents);
    for (int i = 0; i < messages; i++) {
        signatures[i] = read_file(arguments[1], i, "p7s");
        contents[i] = read_file(arguments[1], i, "txt");
    }
    X509_STORE *store = trust(arguments[1]);
    double began = cpu_seconds();
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < messages; i++) judge(&signatures[i], &contents[i], store);
    printf("%.0f\n", (cpu_seconds() - began) * 1e9 / ((double)messages * rounds));
    return 0;
}
