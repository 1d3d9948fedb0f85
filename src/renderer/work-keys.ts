/** By what name the panes and notes of one piece of work are kept. */
export const callKey = (callId: string) => `call:${callId}`;
export const customerKey = (customerId: string) => `customer:${customerId}`;
/** The note of a draft whose call and customer are both gone or unknown. */
export const LOOSE_KEY = 'loose';
