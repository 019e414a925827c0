// A WebSocket server as small as an emulator needs (RFC 6455): text frames, close, over TLS or without.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer as plain } from 'node:http';
import { createServer as overTls } from 'node:https';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A certificate of this machine's own, for this run. */
function certificate() {
  const dir = mkdtempSync(join(tmpdir(), 'agent-tls-'));
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '30', '-subj', '/CN=127.0.0.1',
      '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'certificate.pem')], { stdio: 'ignore' });
    return { key: readFileSync(join(dir, 'key.pem')), cert: readFileSync(join(dir, 'certificate.pem')) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Listens on 127.0.0.1; `greet(peer)` for every connection, `hear(peer, text)` for every message. */
export async function listen({ port, tls = true, greet, hear }) {
  const server = tls ? overTls(certificate()) : plain();
  const sockets = new Set();
  server.on('connection', (socket) => remember(socket));
  server.on('secureConnection', (socket) => remember(socket));
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + KEY).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    const peer = { send: (text) => socket.writable && socket.write(frame(1, Buffer.from(text))), die: () => socket.destroy() };
    let rest = Buffer.alloc(0);
    socket.on('data', (piece) => {
      rest = Buffer.concat([rest, piece]);
      for (let next = unframe(rest); next; next = unframe(rest)) {
        rest = next.rest;
        if (next.code === 1) hear(peer, next.content.toString());
        else if (next.code === 8) socket.end(frame(8, next.content));
        else if (next.code === 9) socket.write(frame(10, next.content));
      }
    });
    greet(peer);
  });

  function remember(socket) {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  await new Promise((done, fail) => { server.once('error', fail); server.listen(port, '127.0.0.1', done); });
  return { close: () => new Promise((done) => { server.close(done); for (const socket of sockets) socket.destroy(); }) };
}

function frame(code, content) {
  const { length } = content;
  const head = length < 126 ? Buffer.from([0x80 | code, length]) : length < 65536 ? Buffer.from([0x80 | code, 126, length >> 8, length & 255]) : Buffer.alloc(10);
  if (head.length === 10) { head[0] = 0x80 | code; head[1] = 127; head.writeBigUInt64BE(BigInt(length), 2); }
  return Buffer.concat([head, content]);
}

/** The first frame of these bytes and what follows it; nothing while it is incomplete. */
function unframe(bytes) {
  if (bytes.length < 6) return null;
  let [length, at] = [bytes[1] & 127, 2];
  if (length === 126) [length, at] = [bytes.readUInt16BE(2), 4];
  else if (length === 127) { if (bytes.length < 14) return null; [length, at] = [Number(bytes.readBigUInt64BE(2)), 10]; }
  if (bytes.length < at + 4 + length) return null;
  const mask = bytes.subarray(at, at + 4);
  const content = Buffer.from(bytes.subarray(at + 4, at + 4 + length)).map((byte, place) => byte ^ mask[place & 3]);
  return { code: bytes[0] & 15, content, rest: bytes.subarray(at + 4 + length) };
}
