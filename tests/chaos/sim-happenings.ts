import { copyFolder, type DeskFolder } from '../fakes/desk-db.ts';
import type { SimDesk } from './sim-desk.ts';
import type { Happening, StormOptions } from './sim-storm.ts';

export function toDesks({ random, say, schedule }: StormOptions): Happening[] {
  return [
    [0.06, (desk) => desk.cutIn(1 + Math.floor(random() * 20))],
    [
      0.03,
      (desk) => {
        desk.kill();
        say(`${desk.name} is killed`);
      },
    ],
    [
      0.04,
      (desk) => {
        desk.partitioned = !desk.partitioned;
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
        if (seen.cloned) return;
        seen.cloned = true;
        seen.copies += 1;
        addDesk(copyFolder(desk.dbs));
        say(`${desk.name} was cloned`);
      },
    ],
  ];
}

export function toCentre({ seen, random, customers, say }: StormOptions): Happening[] {
  const { centre, everErased, wordOf } = seen;
  let backup: unknown = null;
  const anyCustomer = () => customers[Math.floor(random() * customers.length)] ?? '';
  const restore = async (from: 'dump' | 'base') => {
    if (backup === null) return;
    const old = backup;
    backup = null;
    if (from === 'base') seen.copies += 1;
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
      0.015,
      async () => {
        const id = anyCustomer();
        if (everErased.size >= 4) return;
        everErased.add(id);
        await centre.erase(id);
        say(`erased ${id}`);
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
