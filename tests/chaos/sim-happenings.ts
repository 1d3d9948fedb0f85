import { readSyncState } from '../../src/sync/sync-state.ts';
import { copyFolder, type DeskFolder } from '../fakes/desk-db.ts';
import { createdIn, linkedWith } from './sim-acts.ts';
import type { SimDesk } from './sim-desk.ts';
import type { Happening, StormOptions } from './sim-storm.ts';

/** Two days wrong, in either direction: changes nothing. */
export function anyWrongTime(random: () => number): number {
  return Math.floor((random() - 0.5) * 4 * 86_400_000);
}

export function toDesks({ random, say, schedule, network }: StormOptions): Happening[] {
  return [
    [0.06, (desk) => desk.cutIn(1 + Math.floor(random() * 20))],
    [0.12, (desk) => desk.cutIn(1 + Math.floor(random() * 8), 'commits')],
    [
      0.5,
      (desk) => {
        // Caches are rarely filled: then anywhere in it.
        if (readSyncState(desk.dbs.cache).cursor === null) desk.cutIn(1 + Math.floor(random() * 25), 'commits');
      },
    ],
    [
      0.03,
      (desk) => {
        desk.kill();
        say(`${desk.name} is killed`);
      },
    ],
    [
      0.02,
      (desk) => {
        desk.quit();
        say(`${desk.name} is ended`);
      },
    ],
    [
      0.02,
      (desk) => {
        desk.setClock(anyWrongTime(random));
        say(`the clock of ${desk.name} is set`);
      },
    ],
    [
      0.04,
      (desk) => {
        desk.partitioned = !desk.partitioned;
        if (desk.partitioned && random() < 0.5) network.silence(desk);
        say(`${desk.name} partitioned ${desk.partitioned}`);
      },
    ],
    [
      0.02,
      (desk) => {
        desk.pause();
        schedule(random() * 20_000, desk.resume);
        say(`${desk.name} sleeps`);
      },
    ],
    [
      0.02,
      (desk) => {
        const which = random() < 0.5 ? 'cache' : 'outbox';
        desk.disk[which] = !desk.disk[which];
        say(`${desk.name} ${which} fails ${desk.disk[which]}`);
      },
    ],
  ];
}

export function toSeats({ say }: StormOptions): Happening[] {
  return [
    [
      0.03,
      (desk) => {
        desk.signedIn = !desk.signedIn;
        if (desk.signedIn) desk.agent += 1;
        desk.run?.engine.wake();
        say(`${desk.name} ${desk.signedIn ? `agent ${desk.agent % 2}` : 'nobody'}`);
      },
    ],
  ];
}

export function toFolders(
  { seen, random, addDesk, say, drafts }: StormOptions,
  bootLater: (desk: SimDesk) => void,
): Happening[] {
  let yesterday: { desk: SimDesk; folder: DeskFolder } | null = null;
  const forgetWhatIsNotIn = (desk: SimDesk) => {
    const held = desk.dbs.outbox.prepare('SELECT 1 FROM operation WHERE op_id = ?');
    for (const one of seen.acts.values()) if (one.desk === desk.name && !held.get(one.opId)) one.forgotten = true;
  };
  return [
    [
      0.04,
      (desk) => {
        yesterday ??= { desk, folder: copyFolder(desk.dbs) };
      },
    ],
    [
      0.015,
      () => {
        if (!yesterday || random() < 0.3) return;
        const { desk, folder } = yesterday;
        yesterday = null;
        seen.copies += 1;
        desk.replaceFolder(folder);
        forgetWhatIsNotIn(desk);
        drafts.reread(desk);
        bootLater(desk);
        say(`${desk.name} has its folder of yesterday`);
      },
    ],
    [
      0.01,
      (desk) => {
        if (seen.cloned !== null) return;
        seen.cloned = desk.name;
        seen.copies += 1;
        seen.clone = addDesk(copyFolder(desk.dbs), desk.scopes);
        say(`${desk.name} was cloned`);
      },
    ],
  ];
}

export function toCentre({ seen, random, customers, say, correctSoon }: StormOptions): Happening[] {
  const { centre, everErased, wordOf } = seen;
  let backup: unknown = null;
  /** Whom somebody is writing about this moment: their answers cross what happens. */
  const busyAmong = (some: readonly string[]) => {
    const last = [...seen.acts.values()].at(-1)?.payload;
    const busy = last && 'customerId' in last ? last.customerId : null;
    return busy !== null && some.includes(busy) ? busy : null;
  };
  const anyCustomer = () => customers[Math.floor(random() * customers.length)] ?? '';
  const restore = async (from: 'dump' | 'base') => {
    if (backup === null) return;
    const old = backup;
    backup = null;
    if (from === 'base') {
      seen.copies += 1;
      seen.doubled = true;
    }
    await centre.restore(old, from);
    say(`the centre is restored from a ${from}`);
  };
  return [
    [
      0.05,
      () => {
        const id = anyCustomer();
        return centre.rename(id, `Customer ${wordOf(id)} ${Math.floor(random() * 100)}`);
      },
    ],
    [
      0.03,
      async (desk) => {
        const busy = busyAmong(customers);
        const id = busy !== null && random() < 0.7 ? busy : anyCustomer();
        if (everErased.size >= 4) return;
        if (random() < 0.5) correctSoon(desk, id);
        // Who was merged and parted again may have written on them what is of the other.
        for (const one of linkedWith(seen.acts, id)) {
          everErased.add(one);
          await centre.erase(one);
          say(`erased ${one}`);
        }
      },
    ],
    [
      seen.scoped ? 0.1 : 0,
      (desk) => {
        // None who may be merged: what moves between somebody here and somebody away is another story.
        const some = [...customers.slice(0, 4), ...createdIn(seen.acts)];
        const busy = busyAmong(some);
        const id = busy !== null && random() < 0.7 ? busy : (some[Math.floor(random() * some.length)] ?? '');
        if (random() < 0.4) return centre.comeBack(id);
        centre.depart(id);
        seen.everDeparted.add(id);
        say(`the team lets ${id} go`);
        if (desk.scope === 'team' && random() < 0.7) correctSoon(desk, id);
      },
    ],
    [
      0.04,
      async () => {
        backup ??= await centre.backup();
      },
    ],
    [0.01, () => restore('dump')],
    [0.01, () => restore('base')],
    [
      0.01,
      async () => {
        await centre.restart();
        say('the centre starts again');
      },
    ],
    [
      0.006,
      () => {
        centre.moveToCopy();
        seen.doubled = true;
        say('a copy of the centre runs');
      },
    ],
    [
      0.01,
      () => {
        centre.moveHome();
        say('the original runs');
      },
    ],
  ];
}

export function upgrade(desk: SimDesk, network: StormOptions['network']): void {
  desk.kill();
  desk.release = network.release;
}

/** A new release: the centre first, the desks one by one; until then neither understands the other. */
export function upgrades({ network, say }: StormOptions): Happening[] {
  return [
    [
      0.003,
      () => {
        network.release += 1;
        say('the centre has a new release');
      },
    ],
    [
      0.1,
      (desk) => {
        if (desk.release === network.release) return;
        upgrade(desk, network);
        say(`${desk.name} has the new release`);
      },
    ],
  ];
}
