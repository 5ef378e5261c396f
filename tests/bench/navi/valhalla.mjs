// SPDX-License-Identifier: GPL-3.0-or-later
// valhalla.mjs PACKAGE CONFIG.json: answers each line "LON,LAT LON,LAT" of standard input with a route as JSON on a line, in one process.
import { createRequire } from 'module';
import readline from 'readline';
const [folder, config] = process.argv.slice(2);
const { Actor } = createRequire(import.meta.url)(folder);
const actor = await Actor.fromConfigFile(config);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const locations = line.trim().split(' ').map(word => word.split(',').map(Number)).map(([lon, lat]) => ({ lon, lat }));
  let answer;
  // A string in, a string out: nothing is parsed or written twice.
  try { answer = await actor.route(JSON.stringify({ locations, costing: 'auto', units: 'kilometers' })); } catch (e) { answer = '{"error":"no-route"}'; }
  process.stdout.write(answer + '\n');
}
