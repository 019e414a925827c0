// The demo, as a newcomer starts it: a portal with invented people and organisations.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, eventually, freePort } from './kabinet.mjs';

export class Demo {
  static async open() {
    const demo = new Demo();
    demo.dir = mkdtempSync(join(tmpdir(), 'kabinet-demo-'));
    const [folder, port] = [join(demo.dir, 'city'), await freePort()];
    demo.child = spawn(binary, ['demo', '--data', folder, '--listen', `localhost:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
    demo.log = '';
    for (const stream of [demo.child.stdout, demo.child.stderr]) stream.on('data', (piece) => { demo.log += piece; });
    await eventually(() => demo.log.includes('For scripts:') || demo.child.exitCode !== null, 'the demo', 120000);
    if (demo.child.exitCode !== null) throw new Error(`the demo ended: ${demo.log}`);
    const guide = JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'));
    demo.url = guide.base_url;
    demo.people = guide.people;
    return demo;
  }

  person(surname) { return this.people.find((person) => person.name.startsWith(surname)); }

  async close() {
    const gone = new Promise((done) => this.child?.on('exit', done));
    if (this.child?.exitCode === null && this.child.kill('SIGTERM')) await gone;
    rmSync(this.dir, { recursive: true, force: true });
  }
}
