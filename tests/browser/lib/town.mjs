// A server with its authority and a browser, for one test file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { Kabinet } from './kabinet.mjs';
import { Authority, iin } from './pki.mjs';

export class Town {
  static async open(options = {}) {
    const town = new Town();
    town.dir = mkdtempSync(join(tmpdir(), 'kabinet-town-'));
    town.authority = new Authority(join(town.dir, 'authority'));
    town.kabinet = await Kabinet.open({ anchors: [town.authority.anchor], intermediates: [town.authority.intermediate], ...options });
    town.browser = await launch();
    town.people = 0;
    return town;
  }

  /** A new person with a key file of their own. */
  person(surname = 'Сейітқали', given = 'Әсем', patronymic = 'Нұрланқызы') {
    this.people += 1;
    const name = `person${this.people}`;
    const person = { name, surname, given, patronymic, iin: iin('900101', 4, 500 + this.people * 7), address: `${name}@example.kz` };
    person.key = this.authority.keyFile(name, person);
    return person;
  }

  async close() {
    await this.browser?.close();
    await this.kabinet?.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
