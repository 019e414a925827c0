// The worker that holds the signing module. It loads the module once, then answers five requests ("open", "sign", "close";
// "look" and "lookAtSigned" for keys kept elsewhere); whatever else arrives is refused. Key, password and file stay in here.

const MALFORMED_REQUEST = "signer.malformed_request";
const UNAVAILABLE = "signer.unavailable";
const FILE_LIMIT = 1024 * 1024;
const PASSWORD_LIMIT = 1024;
const CONTENT_LIMIT = 64 * 1024;
const CERTIFICATE_LIMIT = 64 * 1024;
const CMS_LIMIT = 350 * 1024;

/** Exports of the module, once loaded. */
let module = null;

class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const acts = {
  async load({ module: url }) {
    if (module || typeof url !== "string" || new URL(url).origin !== self.location.origin) {
      throw new Refused(MALFORMED_REQUEST);
    }
    module = await instantiate(url);
    return {};
  },

  open({ file, password }) {
    if (!(file instanceof ArrayBuffer) || file.byteLength > FILE_LIMIT || typeof password !== "string") {
      throw new Refused(MALFORMED_REQUEST);
    }
    const bytes = new Uint8Array(file);
    const secret = new TextEncoder().encode(password);
    if (secret.length > PASSWORD_LIMIT) throw new Refused("key_file.wrong_password");
    try {
      module.open(hand(bytes), hand(secret));
    } finally {
      bytes.fill(0);
      secret.fill(0);
    }
    const opened = JSON.parse(new TextDecoder().decode(answer()));
    if (opened.code) throw new Refused(opened.code);
    return { keys: opened.keys };
  },

  sign({ index, content, at }) {
    const time = typeof at === "string" ? Date.parse(at) : NaN;
    if (!Number.isInteger(index) || index < 0 || typeof content !== "string" || !Number.isFinite(time)) {
      throw new Refused(MALFORMED_REQUEST);
    }
    const text = new TextEncoder().encode(content);
    if (text.length > CONTENT_LIMIT) throw new Refused(MALFORMED_REQUEST);
    const signed = module.sign(index, hand(text), BigInt(Math.floor(time / 1000)));
    if (!signed) throw new Refused(JSON.parse(new TextDecoder().decode(answer())).code);
    return { cms: base64(answer()) };
  },

  look({ certificate }) {
    if (!(certificate instanceof Uint8Array) || certificate.length > CERTIFICATE_LIMIT) {
      throw new Refused(MALFORMED_REQUEST);
    }
    module.look(hand(certificate));
    return key();
  },

  lookAtSigned({ cms, content }) {
    if (typeof cms !== "string" || cms.length > CMS_LIMIT || typeof content !== "string" || content.length > CONTENT_LIMIT) {
      throw new Refused(MALFORMED_REQUEST);
    }
    const message = Uint8Array.from(atob(cms), (letter) => letter.charCodeAt(0));
    module.look_at_signed(hand(message), hand(new TextEncoder().encode(content)));
    return key();
  },

  close() {
    if (module) {
      module.close();
      // freed memory is not cleared by itself
      new Uint8Array(module.memory.buffer).fill(0);
      module = null;
    }
    self.close();
    return {};
  },
};

self.onmessage = async ({ data }) => {
  const id = data?.id;
  try {
    const act = Object.hasOwn(acts, data?.act) ? acts[data.act] : null;
    if (!Number.isInteger(id) || !act) throw new Refused(MALFORMED_REQUEST);
    if (!module && data.act !== "load" && data.act !== "close") throw new Refused(UNAVAILABLE);
    self.postMessage({ id, ok: true, ...(await act(data)) });
  } catch (error) {
    self.postMessage({ id, ok: false, code: error instanceof Refused ? error.code : UNAVAILABLE });
  }
};

async function instantiate(url) {
  const imports = {
    kabinet: {
      random(pointer, length) {
        const bytes = new Uint8Array(module.memory.buffer, pointer, length);
        // one call gives at most 64 KiB
        for (let at = 0; at < length; at += 65536) {
          self.crypto.getRandomValues(bytes.subarray(at, at + 65536));
        }
      },
    },
  };
  const response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Refused(UNAVAILABLE);
  const streamed = response.headers.get("content-type") === "application/wasm";
  const { instance } = streamed
    ? await WebAssembly.instantiateStreaming(response, imports)
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return instance.exports;
}

/** The key that the module has read, or why not. */
function key() {
  const seen = JSON.parse(new TextDecoder().decode(answer()));
  if (seen.code) throw new Refused(seen.code);
  return { key: seen.key };
}

/** Copies bytes into the module's memory; the module wipes and frees them. */
function hand(bytes) {
  const pointer = module.allocate(bytes.length);
  new Uint8Array(module.memory.buffer, pointer, bytes.length).set(bytes);
  return pointer;
}

/** A view of the module's last answer, valid until the next call. */
function answer() {
  return new Uint8Array(module.memory.buffer, module.answer(), module.answer_length());
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
