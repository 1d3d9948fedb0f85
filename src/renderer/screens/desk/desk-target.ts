export type SheetName =
  | 'practice'
  | 'knowledge'
  | 'authoring'
  | 'ledger'
  | 'message'
  | 'script'
  | 'same_person'
  | 'privacy'
  | 'attention'
  | 'sync'
  | 'settings'
  | 'shift_check'
  | 'keys';

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

/** Which letter is answered, or written anew after it could not be sent; both null: a new one. */
export interface LetterTarget {
  answers: string | null;
  replaces: string | null;
}

/** A script run that is over and is looked at. */
export interface LookTarget {
  customerId: string;
  runId: string;
}

export interface DeskUi {
  sheet: SheetName | null;
  setSheet: (sheet: SheetName | null) => void;
  /** The number in the dial strip; null while it is closed. */
  dial: DialTarget | null;
  setDial: (dial: DeskUi['dial']) => void;
  /** The strip that hands the customer over, or sends a ringing call elsewhere. */
  transfer: boolean;
  setTransfer: (open: boolean) => void;
  /** The strip that writes down what was promised. */
  followUp: boolean;
  setFollowUp: (open: boolean) => void;
  /** What the letter is about; null: what waits longest of this customer, else a new one. */
  letter: LetterTarget | null;
  setLetter: (letter: LetterTarget | null) => void;
  /** The finished script run in the script sheet; null: the script of what is on screen. */
  look: LookTarget | null;
  setLook: (look: LookTarget | null) => void;
  keypad: boolean;
  setKeypad: (open: boolean) => void;
  /** From whom somebody around them was opened: the way back. */
  trail: readonly { from: string; to: string }[];
  setTrail: (trail: DeskUi['trail']) => void;
  finder: boolean;
  setFinder: (open: boolean) => void;
}
