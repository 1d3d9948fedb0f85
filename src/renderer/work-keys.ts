/** By what name the panes and notes of one piece of work are kept. */
export const callKey = (callId: string) => `call:${callId}`;
export const customerKey = (customerId: string) => `customer:${customerId}`;
/** Whose key it is; null: a call's, or nobody's. */
export const customerIdOf = (key: string) => (key.startsWith('customer:') ? key.slice('customer:'.length) : null);
/** The note of a draft whose call and customer are both gone or unknown. */
export const LOOSE_KEY = 'loose';
