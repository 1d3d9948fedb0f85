/** The desks that listen, and one poke for many changes. */
export interface PokeHub {
  /** Something was written here. Returns at once; the poke follows. */
  changed(): void;
  /** Another process of this centre wrote something. */
  changedElsewhere(): void;
  add(desk: Listener): void;
  remove(desk: Listener): void;
  count(): number;
  close(): void;
}
interface Listener {
  poke(): void;
}

/** Changes within this time make one poke. */
const GATHER_MS = 20;
/** How soon to look again while a change is written but an older transaction still hides it from the feed. */
const LOOK_AGAIN_MS = 100;

export interface PokeHubParts {
  /** Tells the other processes of this centre, once a batch. */
  tellOthers: () => Promise<void>;
  /** True while rows are written that the feed may not show yet. */
  isHeldBack: () => Promise<boolean>;
  warn: (event: string) => void;
}

/**
 * Pokes carry nothing: a desk that hears one pulls. A poke that comes before the feed may show the change would be in vain,
 * so the hub pokes again until nothing is held back.
 */
export function createPokeHub(parts: PokeHubParts): PokeHub {
  const desks = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  let tell = false;
  let closed = false;

  async function flush(): Promise<void> {
    timer = undefined;
    for (const desk of desks) desk.poke();
    const telling = tell;
    tell = false;
    try {
      if (telling) await parts.tellOthers();
      if (await parts.isHeldBack()) schedule(LOOK_AGAIN_MS);
    } catch {
      parts.warn('poke could not be passed on');
    }
  }
  function schedule(delay: number): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => void flush(), delay);
  }
  return {
    changed: () => {
      tell = true;
      schedule(GATHER_MS);
    },
    changedElsewhere: () => schedule(GATHER_MS),
    add: (desk) => desks.add(desk),
    remove: (desk) => desks.delete(desk),
    count: () => desks.size,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
