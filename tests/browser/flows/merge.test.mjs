// 4.10.3, LNK-14: two cabinets of one person become one, and two again. 4.10.5: «it was not me» after a new device.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { enter, expect, prove, settle } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

let town;
before(async () => { town = await Town.open(); });
after(() => town?.close());

/** Two certificates of one authority state two numbers, which is two people: the number of the first is taken away. */
function forgetNumber(iin) {
  const sql = `import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], timeout=10)\ndb.execute("delete from person_id where value = ?", (sys.argv[2],))\ndb.commit()`;
  execFileSync('python3', ['-c', sql, join(town.kabinet.dir, 'kabinet.db'), iin]);
}

for (const size of WIDTHS) {
  test(`4.10.3, LNK-14: merged, told, undone, ${size.name}`, async () => {
    // a namesake of an account without a number would be asked whether it is theirs (D-9.a)
    const mine = town.person(size.name === 'phone' ? 'Бекова' : 'Серікова');
    const second = town.person('Ахметова');
    const there = await visitor(town.browser, town.kabinet.url, { size });
    await settle(there.page, town.kabinet, second.key, second.address);
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await settle(page, town.kabinet, mine.key, mine.address);
    forgetNumber(mine.iin);
    const own = (await page.locator('header .person').innerText()).trim();

    await page.goto('/profile/binding');
    await page.locator('a[href="/profile/merge"]').click();
    await person.look('merge');
    await page.locator('main .button-primary').click();
    await prove(page, mine.key);
    await expect.path(page, /^\/profile\/merge$/);
    await page.locator('main .button-primary').click();
    await expect.path(page, /^\/profile\/merge\/prove/);
    await person.look('merge-prove');
    await page.locator('a[href$="way=password"]').click();
    await person.look('merge-prove-password');
    await page.goto('/profile/merge/prove');
    await enter(page, mine.key);
    await page.locator('[data-code="merge.same_account"]').waitFor();
    await person.look('merge-same');
    await enter(page, second.key);
    await expect.path(page, /^\/profile\/merge\/confirm/);
    await expect.text(page.locator('main'), new RegExp(second.address.replace('.', '\\.')));
    assert.equal((await page.locator('header .person').innerText()).trim(), own, 'still in the own cabinet');
    await person.look('merge-confirm');
    await page.locator('#confirm .button-primary').click();
    await expect.path(page, /done=merged/);
    await person.look('merge-done');
    for (const address of [mine.address, second.address]) {
      const told = await town.kabinet.mail.to(address, (m) => /кабинета объединены/i.test(m.subject));
      assert.match(told.text, /\/not-me\//);
    }
    await there.page.goto('/cabinet');
    await expect.path(there.page, /^\/signed-out/);

    await page.locator('form[action$="/undo"] button').click();
    await expect.path(page, /done=undone/);
    await person.look('merge-undone');
    await there.page.goto('/sign-in');
    await enter(there.page, second.key);
    await expect.path(there.page, /^\/cabinet/);
    assert.match(await there.page.locator('header .person').innerText(), /Ахметова/);
    await person.close();
    await there.close();
  });

  test(`4.10.5: a new device is told of; «it was not me» acts by its button alone, ${size.name}`, async () => {
    const who = town.person();
    const own = await visitor(town.browser, town.kabinet.url, { size });
    await settle(own.page, town.kabinet, who.key, who.address);
    const thief = await visitor(town.browser, town.kabinet.url, { size });
    await thief.page.goto('/sign-in');
    await enter(thief.page, who.key);
    const told = await town.kabinet.mail.to(who.address, (m) => /нового устройства/i.test(m.subject));
    const link = /\S*\/not-me\/\S+/.exec(told.text)[0];
    await own.page.goto('/profile/binding');
    await expect.text(own.page.locator('section[aria-labelledby="checks"]'), /Вход с нового устройства/);
    await own.look('binding-new-device');
    const mailbox = await visitor(town.browser, town.kabinet.url, { size });
    for (let n = 0; n < 2; n += 1) await mailbox.page.goto(link);
    await mailbox.look('not-me-key');
    await thief.page.goto('/cabinet');
    await expect.path(thief.page, /^\/cabinet/);
    await mailbox.page.locator('main .button-primary').click();
    await mailbox.look('not-me-key-done');
    assert.equal(await mailbox.page.locator('main a[href="/recover"]').count(), 1);
    await thief.page.goto('/cabinet');
    await expect.path(thief.page, /^\/signed-out/);
    for (const one of [own, thief, mailbox]) await one.close();
  });
}
