// Drives the built module through the worker that the page uses, in Node: opens key files, signs, compares
// with openssl, and looks for secrets left in memory.
//
//   node node.mjs esign_web.wasm signer-worker.js VECTORS

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const [modulePath, workerPath, vectors] = process.argv.slice(2).map((path) => resolve(path));
const PASSWORD = "пароль-Test1";
const ORIGIN = "http://kabinet.test";
const AT = "2026-11-22T15:00:00Z";

// What a worker finds around it. Every request is written down.
const requests = [];
const answers = new Map();
const memories = [];
globalThis.self = {
  location: new URL(`${ORIGIN}/assets/signer-worker.js`),
  crypto: globalThis.crypto,
  postMessage: (message) => answers.get(message.id)(message),
  close() {},
};
globalThis.fetch = async (url) => {
  requests.push(String(url));
  return new Response(readFileSync(modulePath), { headers: { "content-type": "application/wasm" } });
};
const instantiateStreaming = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...call) => {
  const built = await instantiateStreaming(...call);
  memories.push(built.instance.exports.memory);
  return built;
};

let last = 0;
function ask(request) {
  const id = ++last;
  return new Promise((answer) => {
    answers.set(id, answer);
    self.onmessage({ data: { id, ...request } });
  });
}

async function freshWorker() {
  await import(`${pathToFileURL(workerPath)}?${++last}`);
  assert.equal((await ask({ act: "load", module: `${ORIGIN}/assets/esign_web.wasm` })).ok, true);
}

const file = (name) => new Uint8Array(readFileSync(join(vectors, name))).buffer;
const open = (name, password = PASSWORD) => ask({ act: "open", file: file(name), password });

function timed(text, since) {
  console.log(`# ${text}: ${(performance.now() - since).toFixed(1)} ms`);
}

test("A-6 a key says in what capacity its owner acts, for whom, and where it is kept", async () => {
  await freshWorker();
  const expected = {
    individual_valid: ["person", null, []],
    legal_ceo_valid: ["head", 'АО "ТЕСТ"', ["123456789021"]],
    legal_signer_valid: ["signatory", 'АО "ТЕСТ"', ["123456789021"]],
  };
  for (const [name, [role, organisation, numbers]] of Object.entries(expected)) {
    const { keys } = await open(`kz-nuc-test/${name}.p12`, "Qwerty12");
    assert.equal(keys[0].role, role, name);
    assert.equal(keys[0].mayEnter, true, name);
    assert.equal(keys[0].organisation, organisation, name);
    assert.deepEqual(keys[0].organisationIds.map((id) => id.value), numbers, name);
    assert.equal(keys[0].storage, "file", name);
    assert.deepEqual(keys[0].policies, ["1.2.398.3.3.2"], name);
  }
  const { keys } = await open("kz-nuc-test/legal_infosystem_valid.p12", "Qwerty12");
  assert.equal(keys[0].mayEnter, false, "a program");
});

test("A-4 keys open and sign; openssl accepts what they sign", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kabinet-signer-"));
  try {
    for (const name of ["rsa", "p256", "p384", "ed"]) {
      for (const form of ["modern", "legacy", "3des"]) {
        await freshWorker();
        let since = performance.now();
        const opened = await open(`p12-interop/${name}-${form}.p12`);
        timed(`${name}-${form} open`, since);
        assert.equal(opened.ok, true, `${name}-${form}: ${opened.code}`);
        const [key] = opened.keys;
        assert.equal(key.refusal, null);
        assert.match(key.notAfter, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

        const content = "Kabinet/1 sign-in\nҰлттық куәландырушы орталық\n";
        since = performance.now();
        const signed = await ask({ act: "sign", index: key.index, content, at: AT });
        timed(`${name}-${form} sign`, since);
        assert.equal(signed.ok, true, signed.code);
        const message = join(folder, "message.der");
        writeFileSync(message, Buffer.from(signed.cms, "base64"));
        if (name === "ed") continue; // OpenSSL 3.0 does not verify Ed25519 in CMS
        const verified = execFileSync(
          "openssl",
          ["cms", "-verify", "-inform", "DER", "-in", message, "-purpose", "any", "-binary"].concat(
            ["-CAfile", join(vectors, "p12-interop/ca.pem"), "-no_check_time"],
          ),
          { stdio: ["ignore", "pipe", "ignore"] },
        );
        assert.equal(verified.toString("utf8"), content);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("A-4.e each way to fail has its own code, and the worker goes on", async () => {
  await freshWorker();
  const code = async (bytes, password) =>
    (await ask({ act: "open", file: new Uint8Array(bytes).buffer, password })).code;
  const sound = new Uint8Array(file("p12-interop/rsa-modern.p12"));
  assert.equal(await code(sound, "wrong"), "key_file.wrong_password");
  assert.equal(await code(sound, ""), "key_file.wrong_password");
  assert.equal(await code([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], "x"), "key_file.unknown_format");
  assert.equal(await code(new TextEncoder().encode("-----BEGIN PRIVATE KEY-----"), "x"), "key_file.unknown_format");
  assert.equal(await code([], "x"), "key_file.unknown_format");
  assert.equal(await code(sound.subarray(0, 900), PASSWORD), "key_file.malformed");
  assert.equal((await ask({ act: "sign", index: 0, content: "text", at: AT })).code, "key_file.no_key");
  assert.equal((await open("p12-interop/rsa-modern.p12")).ok, true);
  assert.equal((await ask({ act: "sign", index: 7, content: "text", at: AT })).code, "key_file.no_key");
});

test("messages that are no requests are refused", async () => {
  await freshWorker();
  const refused = { ok: false, code: "signer.malformed_request" };
  for (const request of [
    { act: "constructor" },
    { act: "toString" },
    {},
    { act: "open", file: "text", password: "x" },
    { act: "open", file: new ArrayBuffer(1024 * 1024 + 1), password: "x" },
    { act: "open", file: new ArrayBuffer(8), password: 7 },
    { act: "sign", index: -1, content: "x", at: AT },
    { act: "sign", index: 0, content: "x", at: "yesterday" },
    { act: "load", module: `${ORIGIN}/other.wasm` },
  ]) {
    const { id, ...answer } = await ask(request);
    assert.deepEqual(answer, refused, JSON.stringify(request));
  }
});

test("WEB-4 a file that asks for billions of rounds is refused at once", async () => {
  await freshWorker();
  const bytes = Buffer.from(file("p12-interop/rsa-modern.p12"));
  // the rounds of the MAC are the last number of the file: 02 02 08 00
  assert.deepEqual([...bytes.subarray(-4)], [0x02, 0x02, 0x08, 0x00]);
  const hostile = Buffer.concat([bytes.subarray(0, -4), Buffer.from([0x02, 0x05, 0x00, 0x80, 0, 0, 0])]);
  const grow = (at, by) => hostile.writeUInt16BE(hostile.readUInt16BE(at) + by, at);
  grow(2, 3); // the whole file
  const macData = hostile.length - 7 - 65;
  const header = hostile.lastIndexOf(Buffer.from([0x30, 0x31, 0x30, 0x0d])) - 1;
  assert.ok(header > macData - 8, "MacData is where it is expected");
  hostile[header] += 3;
  const since = performance.now();
  const answer = await ask({ act: "open", file: new Uint8Array(hostile).buffer, password: PASSWORD });
  assert.equal(answer.code, "key_file.too_costly");
  assert.ok(performance.now() - since < 1000);
});

test("A-4.a nothing is fetched but the module, and nothing secret is left in memory", async () => {
  await freshWorker();
  requests.length = 0;
  const given = file("p12-interop/p256-modern.p12");
  const copy = Buffer.from(given.slice(0));
  assert.equal((await ask({ act: "open", file: given, password: PASSWORD })).ok, true);
  assert.equal((await ask({ act: "sign", index: 0, content: "text", at: AT })).ok, true);
  assert.ok(new Uint8Array(given).every((byte) => byte === 0), "the worker wiped its copy of the file");
  assert.deepEqual(requests, []);

  const memory = Buffer.from(memories.at(-1).buffer);
  const secrets = {
    "the password in UTF-8": Buffer.from(PASSWORD, "utf8"),
    "the password in UTF-16": Buffer.from(PASSWORD, "utf16le").swap16(),
    "the file": copy.subarray(64, 128),
  };
  for (const [what, secret] of Object.entries(secrets)) {
    assert.equal(memory.indexOf(secret), -1, `${what} is still in memory after signing`);
  }
  assert.equal((await ask({ act: "close" })).ok, true);
  assert.ok(memory.every((byte) => byte === 0), "memory is cleared on closing");
});

test("A-2 keys of GOST open and sign", async () => {
  for (const [name, password, algorithm] of [
    ["kz-nuc-test/individual_valid.p12", "Qwerty12", "GOST R 34.10-2015 (512)"],
    ["gost-interop/gost2012_256_TCA-default.p12", "test1234", "GOST R 34.10-2012 (256)"],
    ["gost-interop/gost2012_256_TCA-gost89.p12", "test1234", "GOST R 34.10-2012 (256)"],
    ["gost-interop/gost2012_512_A-magma-ctr-acpkm.p12", "test1234", "GOST R 34.10-2012 (512)"],
    ["gost-interop/gost2012_512_A-kuznyechik-ctr-acpkm.p12", "test1234", "GOST R 34.10-2012 (512)"],
  ]) {
    await freshWorker();
    let since = performance.now();
    const opened = await open(name, password);
    timed(`${name} open`, since);
    assert.equal(opened.ok, true, opened.code);
    const [key] = opened.keys;
    assert.equal(key.algorithm, algorithm);
    assert.equal(key.refusal, null);
    since = performance.now();
    const signed = await ask({ act: "sign", index: key.index, content: "text", at: AT });
    timed(`${name} sign`, since);
    assert.equal(signed.ok, true, signed.code);
    assert.equal((await open(name, "wrong")).code, "key_file.wrong_password");
  }
});

test("a key of the Kazakh authority is shown in its own letters", async () => {
  await freshWorker();
  const opened = await open("kz-nuc-test/legal_ceo_valid.p12", "Qwerty12");
  const [key] = opened.keys;
  assert.equal(key.issuerLang, "kk");
  assert.match(key.issuer, /ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ/);
  assert.deepEqual(key.personIds, [{ country: "KZ", kind: "IIN", value: "123456789011" }]);
  assert.ok(key.organisation);
});

test("WEB-5 a signature of another program names its certificate, over this very text, before anything is sent", async () => {
  await freshWorker();
  for (const [name, password] of [["kz-nuc-test/individual_valid.p12", "Qwerty12"], ["p12-interop/rsa-modern.p12", PASSWORD]]) {
    const { keys: [key] } = await open(name, password);
    const { cms } = await ask({ act: "sign", index: key.index, content: "text", at: AT });
    const look = (message, content) => ask({ act: "lookAtSigned", cms: message, content });
    const seen = await look(cms, "text");
    assert.equal(seen.key.fingerprint, key.fingerprint);
    assert.equal(seen.key.owner, key.owner);
    assert.equal((await look(cms, "another text")).code, "cms.content_mismatch");
    assert.equal((await look(cms.slice(0, 400), "text")).code, "cms.malformed");
    assert.equal((await look("", "text")).code, "cms.malformed");
    assert.equal((await look("no base64!", "text")).ok, false);
  }
  const look = (certificate) => ask({ act: "look", certificate });
  const authority = new Uint8Array(file("kz-nuc-test/nca_gost2022_test.cer"));
  assert.match((await look(authority)).key.owner, /ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ/);
  assert.equal((await look(authority.slice(0, 90))).code, "certificate.malformed");
  assert.equal((await look("text")).code, "signer.malformed_request");
});
