import { Menu, Notification, nativeImage, Tray } from 'electron';
import type { ShellWords } from './words.ts';

/** The icon beside the clock: the desk again, or the end. Held by the caller, or it would be collected. */
export function makeTray(icon: string, words: ShellWords, acts: { open: () => void; quit: () => void }): Tray {
  const image = nativeImage.createFromPath(icon);
  const tray = new Tray(image.isEmpty() ? image : image.resize({ width: 22, height: 22 }));
  tray.setToolTip(words.name);
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: words.open, click: acts.open },
      { type: 'separator' },
      { label: words.quit, click: acts.quit },
    ]),
  );
  tray.on('click', acts.open);
  return tray;
}

/** A ringing call, told by the system while the window is not in front. It takes no focus; a click on it shows the desk. */
export function tellOfCall(words: { title: string; body: string }, show: () => void): void {
  if (!Notification.isSupported()) return;
  // The desk rings by itself: a second sound would only cover the caller's queue tone.
  const notification = new Notification({ ...words, silent: true, urgency: 'critical' });
  notification.on('click', show);
  notification.show();
}
