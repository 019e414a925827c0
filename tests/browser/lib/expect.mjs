// Waiting assertions: the page is asked until it agrees, never after a fixed time.
import assert from 'node:assert/strict';
import { eventually } from './kabinet.mjs';

export const expect = {
  async text(locator, pattern, what = String(pattern)) {
    await eventually(async () => pattern.test((await locator.allInnerTexts()).join('\n')), what, 10000).catch(async () => {
      assert.fail(`expected ${what}; the page says: ${(await locator.allInnerTexts()).join('\n').slice(0, 1500)}`);
    });
  },
  async path(page, pattern) {
    await eventually(() => pattern.test(new URL(page.url()).pathname + new URL(page.url()).search), `address ${pattern}`, 10000).catch(() => assert.fail(`expected ${pattern}, at ${page.url()}`));
  },
};
