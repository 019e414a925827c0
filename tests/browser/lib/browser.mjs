// Chromium as a person has it: two widths, three languages, all traffic recorded, axe on demand.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const WIDTHS = [{ name: 'phone', width: 360, height: 740 }, { name: 'desktop', width: 1280, height: 860 }];

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const shots = process.env.KABINET_SHOTS;

export const launch = (flags = []) => chromium.launch({ executablePath: '/usr/bin/chromium', args: [...FLAGS, ...flags] });

/** A browser with an extension of its own: it needs a profile. */
export const launchWith = (extension) => chromium.launchPersistentContext('', {
  executablePath: '/usr/bin/chromium', locale: 'ru-RU', reducedMotion: 'reduce', ignoreDefaultArgs: ['--disable-extensions'],
  args: [...FLAGS, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`, '--disable-features=DisableLoadExtensionCommandLineSwitch'],
});

/** A fresh person at a fresh browser. `language` is what the browser asks for, `more` what else Playwright is told of it. */
export async function visitor(browser, url, { size = WIDTHS[1], language = 'ru', more = {} } = {}) {
  const context = await browser.newContext({ ...options(url, size, language), ...more });
  return watched(context, await context.newPage(), size, language);
}

const options = (url, size, language) => ({ baseURL: url, viewport: { width: size.width, height: size.height }, locale: { ru: 'ru-RU', kk: 'kk-KZ', en: 'en-GB' }[language], reducedMotion: 'reduce' });

/** Somebody at a page of their own whose traffic and faults are written down. */
export function watched(context, page, size, language) {
  const person = { context, page, size, language, traffic: [], faults: [] };
  page.on('request', (r) => person.traffic.push({ method: r.method(), url: r.url(), headers: r.headers(), body: r.postDataBuffer() }));
  page.on('pageerror', (e) => person.faults.push(String(e)));
  page.on('console', (m) => { if (m.type() === 'error' && /Content Security Policy|Trusted/i.test(m.text())) person.faults.push(m.text()); });
  page.on('dialog', (d) => { person.faults.push(`dialog: ${d.message()}`); d.dismiss(); });
  person.look = (name) => look(person, name);
  person.close = async () => { assert.deepEqual(person.faults, [], 'no script error and no policy violation'); await context.close(); };
  return person;
}

/** The page as it is now: no accessibility violation, no sideways scrolling, the right language; a picture when asked for. */
async function look({ page, size, language }, name) {
  if (shots) { mkdirSync(shots, { recursive: true }); await page.screenshot({ path: join(shots, `${name}-${language}-${size.name}.png`), fullPage: true }); }
  assert.equal(await page.locator('html').getAttribute('lang'), language, `${name}: language of the page`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} px wider than the screen`);
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`), [], `${name}: axe`);
}
