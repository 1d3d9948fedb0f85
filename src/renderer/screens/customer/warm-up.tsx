import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useDesk } from '../../desk-context.tsx';
import { OneCall } from '../call/call-bar.tsx';
import type { DeskUi } from '../desk/desk-target.ts';
import { CustomerView } from './customer-view.tsx';
import { warmUpCall } from './warm-up-call.ts';

const ROUNDS = 5;
const REST_MS = 60;

/**
 * The first pop must not be slower than the later ones, and code that never ran, letters that were never drawn and boxes that
 * were never laid out cost it 60 ms and more. So the pop of nobody is rendered a few times behind the desk, once in the life of
 * the page: nobody sees, finds, focuses or hears it.
 */
export function WarmUp({ ui, onDone }: { ui: DeskUi; onDone: () => void }) {
  const desk = useDesk();
  const [{ host, place }] = useState(placeBehindTheDesk);
  const [{ call, view }] = useState(() => warmUpCall(desk.now()));
  const [round, setRound] = useState(0);
  useEffect(() => {
    document.body.append(host);
    return () => host.remove();
  }, [host]);
  useEffect(() => {
    const timer = setTimeout(() => (round < ROUNDS * 2 ? setRound(round + 1) : onDone()), REST_MS);
    return () => clearTimeout(timer);
  }, [round, onDone]);
  if (round % 2 === 0) return null;
  const pane = { state: 'open', view, remembered: false, others: [], unmaskedUntil: null } as const;
  return createPortal(
    <>
      <OneCall call={call} ui={ui} />
      <CustomerView paneKey="warm-up" pane={pane} tie={null} ui={ui} />
    </>,
    place,
  );
}

/** A closed tree of its own, as large as the desk and covered by it, with the page's own styles. */
function placeBehindTheDesk(): { host: HTMLElement; place: HTMLElement } {
  const host = document.createElement('div');
  host.inert = true;
  host.ariaHidden = 'true';
  host.style.cssText = 'position:fixed;inset:0;z-index:-1;contain:strict';
  const tree = host.attachShadow({ mode: 'closed' });
  for (const style of document.querySelectorAll('link[rel="stylesheet"], style')) tree.append(style.cloneNode(true));
  const place = document.createElement('div');
  place.style.height = '100%';
  tree.append(place);
  return { host, place };
}
