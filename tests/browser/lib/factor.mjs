// What people hold beside a key: an app with one-time codes, a device with passkeys.
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an app shows (RFC 6238), `ahead` steps from now. */
export function code(secret, ahead = 0) {
  const bits = [...secret.replace(/\s/g, '')].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
  const tag = createHmac('sha1', key).update(step).digest();
  const number = tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, '0');
}

/** A device that keeps passkeys, as Chromium plays it. */
export class Device {
  static async attach(page) {
    const device = new Device();
    device.cdp = await page.context().newCDPSession(page);
    await device.cdp.send('WebAuthn.enable');
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
    ({ authenticatorId: device.id } = await device.cdp.send('WebAuthn.addVirtualAuthenticator', { options }));
    return device;
  }

  verifies(isUserVerified) { return this.cdp.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified }); }

  async keys() { return (await this.cdp.send('WebAuthn.getCredentials', { authenticatorId: this.id })).credentials; }

  add(credential) { return this.cdp.send('WebAuthn.addCredential', { authenticatorId: this.id, credential }); }
}
