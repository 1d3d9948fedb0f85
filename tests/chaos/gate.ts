import { parseArgs } from 'node:util';
import { judgeCall } from '../../src/shared/legal-gate/judge-call.ts';
import { createLocalClock } from '../../src/shared/legal-gate/local-time.ts';
import { legalCase } from '../fakes/legal-cases.ts';
import { rulesByTable } from '../fakes/legal-table.ts';
import { seededRandom } from '../fakes/sim-clock.ts';

/** Entry of `npm run chaos -- gate`: the legal gate against a table that was written without it. */
const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const [cases, seed] = [Number(values.cases), Number(values.seed)];
const random = seededRandom(seed);
const clock = createLocalClock();
let wrong = 0;
let passed = 0;
for (let i = 0; i < cases; i += 1) {
  const one = legalCase(random);
  const found = judgeCall(one.facts, one.policy, clock).map(({ rule }) => rule);
  const wanted = rulesByTable(one.facts, one.policy);
  if (found.length === 0) passed += 1;
  if (found.toSorted().join() === wanted.toSorted().join()) continue;
  wrong += 1;
  if (wrong <= 10) console.log(`case ${i}: gate ${found.join(' ')}; table ${wanted.join(' ')}\n${JSON.stringify(one)}`);
}
console.log(`${cases} calls judged, seed ${seed}: ${passed} may be placed, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
