/* OpenSSL with the GOST engine, asked by lines on standard input; every value is in hexadecimal.
 *
 *   public PKCS8                          the SubjectPublicKeyInfo
 *   sign PKCS8 DIGEST                     the signature
 *   verify SPKI DIGEST SIGNATURE          valid, invalid or error
 *   time-sign COUNT PKCS8 DIGEST          nanoseconds of CPU time for all
 *   time-verify COUNT SPKI DIGEST SIGNATURE
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct bytes {
    unsigned char *data;
    long length;
};

static char *field(void) {
    return strtok(NULL, " \n");
}

static struct bytes bytes(void) {
    struct bytes read = {NULL, 0};
    char *hex = field();
    if (hex != NULL)
        read.data = OPENSSL_hexstr2buf(hex, &read.length);
    return read;
}

static void print(const unsigned char *data, long length) {
    for (long i = 0; i < length; i++)
        printf("%02x", data[i]);
    printf("\n");
}

static EVP_PKEY_CTX *context(EVP_PKEY *key, int (*init)(EVP_PKEY_CTX *)) {
    EVP_PKEY_CTX *made = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
    EVP_PKEY_free(key);
    return made != NULL && init(made) > 0 ? made : NULL;
}

static EVP_PKEY *private_key(void) {
    struct bytes der = bytes();
    const unsigned char *cursor = der.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &cursor, der.length);
    OPENSSL_free(der.data);
    return key;
}

static EVP_PKEY *public_key(void) {
    struct bytes der = bytes();
    const unsigned char *cursor = der.data;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &cursor, der.length);
    OPENSSL_free(der.data);
    return key;
}

static void public(void) {
    unsigned char *der = NULL;
    EVP_PKEY *key = private_key();
    int length = key == NULL ? -1 : i2d_PUBKEY(key, &der);
    if (length > 0)
        print(der, length);
    else
        puts("error");
    OPENSSL_free(der);
    EVP_PKEY_free(key);
}

static void sign(long count, int timed) {
    EVP_PKEY_CTX *signer = context(private_key(), EVP_PKEY_sign_init);
    struct bytes digest = bytes();
    unsigned char signature[128];
    size_t length = sizeof signature;
    int done = signer != NULL;
    clock_t start = clock();
    for (long i = 0; i < count && done; i++) {
        length = sizeof signature;
        done = EVP_PKEY_sign(signer, signature, &length, digest.data, digest.length) > 0;
    }
    if (!done)
        puts("error");
    else if (timed)
        printf("%ld\n", (clock() - start) * (1000000000L / CLOCKS_PER_SEC));
    else
        print(signature, length);
    OPENSSL_free(digest.data);
    EVP_PKEY_CTX_free(signer);
}

static void verify(long count, int timed) {
    EVP_PKEY_CTX *verifier = context(public_key(), EVP_PKEY_verify_init);
    struct bytes digest = bytes(), signature = bytes();
    int verdict = verifier == NULL ? -1 : 1;
    clock_t start = clock();
    for (long i = 0; i < count && verdict > 0; i++)
        verdict = EVP_PKEY_verify(verifier, signature.data, signature.length, digest.data, digest.length);
    if (timed && verdict > 0)
        printf("%ld\n", (clock() - start) * (1000000000L / CLOCKS_PER_SEC));
    else
        puts(verifier == NULL ? "error" : verdict > 0 ? "valid" : "invalid");
    OPENSSL_free(digest.data);
    OPENSSL_free(signature.data);
    EVP_PKEY_CTX_free(verifier);
}

int main(void) {
    static char line[8192];
    ENGINE_load_builtin_engines();
    ENGINE *engine = ENGINE_by_id("gost");
    if (engine == NULL || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) {
        fputs("the gost engine is missing: apt-get install libengine-gost-openssl\n", stderr);
        return 3;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *command = strtok(line, " \n");
        if (command == NULL)
            continue;
        if (strcmp(command, "public") == 0)
            public();
        else if (strcmp(command, "sign") == 0)
            sign(1, 0);
        else if (strcmp(command, "verify") == 0)
            verify(1, 0);
        else if (strcmp(command, "time-sign") == 0)
            sign(atol(field()), 1);
        else if (strcmp(command, "time-verify") == 0)
            verify(atol(field()), 1);
        else
            puts("error");
    }
    return 0;
}
