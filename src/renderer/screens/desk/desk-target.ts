export type SheetName = 'practice' | 'attention' | 'sync' | 'settings' | 'shift_check' | 'keys';

/** What the dial strip begins with. A contact point's number is masked: the host knows the whole one. */
export interface DialTarget {
  number: string;
  customerId: string | null;
  contactPointId: string | null;
  /** The whole number behind a masked `number`, where the page has it from a call. */
  whole?: string;
  /** An earlier call whose number the host knows whole. */
  callId?: string;
}

export const EMPTY_DIAL: DialTarget = { number: '', customerId: null, contactPointId: null };

export interface DeskUi {
  sheet: SheetName | null;
  setSheet: (sheet: SheetName | null) => void;
  /** The number in the dial strip; null while it is closed. */
  dial: DialTarget | null;
  setDial: (dial: DeskUi['dial']) => void;
  /** The strip that hands the customer over, or sends a ringing call elsewhere. */
  transfer: boolean;
  setTransfer: (open: boolean) => void;
  keypad: boolean;
  setKeypad: (open: boolean) => void;
  finder: boolean;
  setFinder: (open: boolean) => void;
}
