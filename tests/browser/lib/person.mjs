// What a person does, by what the pages are made of rather than by the words of one language.
import assert from 'node:assert/strict';
import { expect } from './expect.mjs';
import { PASSWORD } from './pki.mjs';

const state = (page, name) => page.locator(`#key-dialog[data-state="${name}"]`);

/** Chooses a key file, types its password and opens it. */
export async function openKey(page, file, password = PASSWORD) {
  await page.locator('#key-file').setInputFiles(file);
  await page.locator('#key-password').fill(password);
  await page.locator('[data-place="file"] .button-primary').click();
}

/** Opens the key and looks at its owner: nothing was sent yet. */
export async function lookAtKey(page, file, password = PASSWORD) {
  await openKey(page, file, password);
  await state(page, 'keys').waitFor();
}

/** Signs and stops before entering. */
export async function signRequest(page, file, password = PASSWORD) {
  await lookAtKey(page, file, password);
  await page.locator('[data-act="sign"]').click();
  await state(page, 'signed').waitFor();
}

/** The whole way in with a key file. */
export async function enter(page, file, password = PASSWORD) {
  await lookAtKey(page, file, password);
  await enterWithKey(page);
}

/** In with the key that was looked at. */
export async function enterWithKey(page) {
  await page.locator('[data-act="sign"]').click();
  await state(page, 'signed').waitFor();
  const before = new URL(page.url()).pathname;
  const away = (url) => url.pathname !== before && !/sign-in/.test(url.pathname);
  await Promise.all([page.waitForURL(away), page.locator('[data-part="ready"] .button-primary').click()]);
}

/** The first entry: e-mail, then the code from the real letter. */
export async function giveEmail(page, mail, address) {
  await page.waitForURL(/\/first-entry/);
  await page.locator('#email').fill(address);
  await page.locator('main .button-primary').click();
  await page.waitForURL(/\/first-entry\/code/);
  await page.locator('#code').fill(await mail.code(address));
  await page.locator('main .button-primary').click();
  await page.waitForURL(/\/cabinet/);
}

/** A new person who has entered and confirmed an address. */
export async function settle(page, kabinet, file, address) {
  await page.goto('/sign-in');
  await enter(page, file);
  await giveEmail(page, kabinet.mail, address);
}

/** Proves once more that it is them, where the page asks for it. */
export async function prove(page, key, password = PASSWORD) {
  await page.waitForURL(/\/step-up/);
  await enter(page, key, password);
}

/** Saves the contacts; a change asks for a fresh proof first and then shows the form again as it was typed. */
export async function saveContacts(page, key) {
  const save = page.locator('#contacts > .stack .button-primary');
  await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/profile/contacts')), save.click()]);
  await page.waitForLoadState();
  if (!/\/step-up/.test(page.url())) return;
  await prove(page, key);
  await expect.path(page, /^\/profile\/contacts/);
  await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/profile/contacts')), save.click()]);
  await page.waitForLoadState();
}

/** Fails if anything of the key file or its password was in any request: as text, as bytes, in base64 or in hexadecimal. */
export function nothingOfTheKeyLeft(traffic, secrets) {
  assert.ok(traffic.some((r) => r.method === 'POST'), 'there was traffic to look at');
  for (const request of traffic) {
    const sent = Buffer.concat([Buffer.from(request.url), Buffer.from(JSON.stringify(request.headers)), request.body ?? Buffer.alloc(0)]);
    const plain = Buffer.from(decodeURIComponent(sent.toString('latin1').replace(/%(?![0-9a-fA-F]{2})/g, '%25').replace(/%[89A-Fa-f][0-9a-fA-F]/g, '')), 'latin1');
    for (const [name, secret] of Object.entries(secrets)) {
      for (const form of [secret, Buffer.from(secret.toString('base64')), Buffer.from(secret.toString('hex')), Buffer.from(encodeURIComponent(secret.toString('latin1')))]) {
        assert.ok(!sent.includes(form) && !plain.includes(form), `${name} left the page in ${request.method} ${request.url}`);
      }
    }
  }
}

export { expect };
