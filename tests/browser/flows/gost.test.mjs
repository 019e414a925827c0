// people of the Kazakh authority's test hierarchy enter with the key files it really issues.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NcaLayer } from '../../../scripts/agents/ncalayer/ncalayer.mjs';
import { KazakhKey, moduleOf } from '../../../scripts/agents/lib/kz.mjs';
import { WIDTHS, launch, visitor } from '../lib/browser.mjs';
import { enterWithKey, expect, giveEmail, lookAtKey, nothingOfTheKeyLeft, openKey } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

const vectors = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../shared/vectors/kz-nuc-test');
const skip = !existsSync(vectors) && `skipped: ${vectors} is absent`;
const file = (name) => join(vectors, name);
const PASSWORD = 'Qwerty12';
/** The test certificates are valid from May 2026 to May 2027. */
const WITHIN_VALIDITY = '@2026-11-22 12:00:00';

// one policy makes keys of this generation serve for both, whatever their purposes say;
// the numbers of the test subjects fail their check digits
const GROUP = `
[[anchor_group]]
id = "nuc-test"
profile = "kz"
anchors = [${JSON.stringify(file('root_test_gost_2022.cer'))}]
intermediates = [${JSON.stringify(file('nca_gost2022_test.cer'))}]
person_ids = ["KZ:IIN", "KZ:BIN"]
check_digits = false
revocation = "not-asked"
`;

let town;

before(async () => {
  if (skip) return;
  town = await Town.open({ extra: GROUP });
  await town.kabinet.restart('SIGTERM', WITHIN_VALIDITY);
});

after(() => town?.close());

for (const size of WIDTHS) {
  test(`A-2: a person enters with a key of GOST R 34.10-2015, ${size.name}`, { skip }, async () => {
    const key = file('individual_valid.p12');
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    await openKey(page, key, 'qwerty12');
    await expect.text(page.locator('#key-dialog'), /Пароль не подошёл к этому файлу/);
    await lookAtKey(page, key, PASSWORD);
    const card = page.locator('[data-field="card"]');
    await expect.text(card, /Тестов Тест/i);
    await expect.text(card, /ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ \(GOST\) TEST 2022/);
    await expect.text(card, /34\.10-2015 \(512\)/);
    await expect.text(card, /123456789011/);
    assert.equal(await card.locator('[data-field="issuer"]').getAttribute('lang'), 'kk');
    await person.look('gost-key');
    await enterWithKey(page);
    if (size === WIDTHS[0]) await giveEmail(page, town.kabinet.mail, 'gost@example.kz');
    await page.waitForURL(/\/cabinet/);
    await person.look('gost-home');
    nothingOfTheKeyLeft(person.traffic, {
      'the password': Buffer.from(PASSWORD),
      'the key file': readFileSync(key).subarray(64, 96),
    });
    await person.close();
  });
}

for (const [name, owner] of [['legal_ceo_valid', /АО "ТЕСТ"|ТЕСТ/i], ['legal_signer_valid', /ТЕСТ/i]]) {
  test(`A-2: somebody of an organisation enters (${name})`, { skip }, async () => {
    const person = await visitor(town.browser, town.kabinet.url);
    await person.page.goto('/sign-in');
    await lookAtKey(person.page, file(`${name}.p12`), PASSWORD);
    await expect.text(person.page.locator('[data-field="card"]'), owner);
    await person.look(`gost-${name}`);
    await enterWithKey(person.page);
    await person.close();
  });
}

test('A-3: a key of the authority enters through NCALayer', { skip }, async () => {
  const key = await KazakhKey.open(file('individual_valid.p12'), PASSWORD, await moduleOf(town.kabinet.url));
  const layer = await NcaLayer.open({ keys: [key] });
  const browser = await launch(['--ignore-certificate-errors']);
  const person = await visitor(browser, town.kabinet.url);
  const { page } = person;
  await page.goto('/sign-in');
  await page.locator('[data-place="ncalayer"] .choice').click();
  await page.locator('[data-place="ncalayer"] .button-primary').click();
  await page.locator('#key-dialog[data-state="signed"]').waitFor();
  assert.deepEqual(layer.requests[0].args.signerParams.extKeyUsageOids, [], 'one key serves for both: NCALayer shows all');
  await expect.text(page.locator('[data-field="card"]'), /Тестов Тест[\s\S]*34\.10-2015 \(512\)/i);
  await Promise.all([page.waitForURL(/\/cabinet|\/first-entry/), page.locator('[data-part="ready"] .button-primary').click()]);
  await person.close();
  await browser.close();
  await layer.close();
  key.forget();
});

test('A-5: a key of an information system cannot sign in', { skip }, async () => {
  const person = await visitor(town.browser, town.kabinet.url);
  await person.page.goto('/sign-in');
  await lookAtKey(person.page, file('legal_infosystem_valid.p12'), PASSWORD);
  await expect.text(person.page.locator('[data-part="keys"]'), /не предназначен для входа/);
  assert.equal(await person.page.locator('[data-act="sign"]').isVisible(), false);
  await person.close();
});
