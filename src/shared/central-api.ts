import { z } from 'zod';
import { Agent, Role } from './agent.ts';
import { ContactPoint } from './contact-point.ts';
import { CurrentRule } from './current-customer.ts';
import { Customer } from './customer.ts';
import { Id } from './ids.ts';
import { Instant, LocalText } from './text.ts';
import { MERGE_FIELDS, TextBlock, unknownMergeFields } from './text-block.ts';

/** POST /v1/sign-in. 401 WRONG_PASSWORD, 429 TOO_MANY_TRIES with Retry-After. */
export const SignInRequest = z.object({
  login: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
  deviceId: Id,
});
export type SignInRequest = z.infer<typeof SignInRequest>;

export const TokenPair = z.object({
  accessToken: z.string(),
  /** Seconds. */
  accessExpiresIn: z.int(),
  refreshToken: z.string(),
});
export type TokenPair = z.infer<typeof TokenPair>;

export const SignInResponse = TokenPair.extend({
  agent: Agent,
  /** Lets this desk push what any of its authors did, also while somebody else is signed in. Kept until revoked. */
  deviceToken: z.string(),
  /** Without contact to the centre the desk works until then (12 h), then locks. */
  leaseUntil: Instant,
  serverTime: Instant,
});
export type SignInResponse = z.infer<typeof SignInResponse>;

/** POST /v1/refresh. A replay within 30 s returns the same successor; a later one ends the family (401). */
export const RefreshRequest = z.object({ refreshToken: z.string().max(500), deviceId: Id });
export type RefreshRequest = z.infer<typeof RefreshRequest>;
export const RefreshResponse = TokenPair.extend({ leaseUntil: Instant, serverTime: Instant });
export type RefreshResponse = z.infer<typeof RefreshResponse>;

/** A number of the PBX's own, as it is dialled. */
const PbxCode = z.string().regex(/^[0-9*#]{1,12}$/);

/** What this PBX offers, and how it wants things. Absent: it offers no parking and no pick-up. */
export const PbxFeatures = z.object({
  /** Parking places: a customer who is handed there is parked in that place, and whoever dials it takes them back. */
  parking: z.array(PbxCode).max(20).optional(),
  /** Takes whichever colleague's call rings. */
  pickUp: PbxCode.optional(),
  /** In front of a colleague's extension: takes the call that rings there. */
  pickUpFrom: PbxCode.optional(),
  /** How keys of a call are sent: in the audio (RFC 4733) where that was agreed, which is usual; or always by INFO. */
  keys: z.enum(['audio', 'info']).optional(),
});
export type PbxFeatures = z.infer<typeof PbxFeatures>;

/** The agent's line. The password is for the desk's memory only: it is never written to disk or logs. */
export const SipAccount = z.object({
  /** ws:// or wss:// address of the PBX, e.g. wss://pbx.example.com:8089/ws. */
  server: z.url({ protocol: /^wss?$/ }),
  /** Tried in this order where `server` cannot be reached; absent: there is none. */
  backupServers: z
    .array(z.url({ protocol: /^wss?$/ }))
    .max(4)
    .optional(),
  domain: z.string().min(1).max(200),
  username: z.string().min(1).max(100),
  password: z.string().max(200),
  displayName: z.string().max(100),
  /** STUN/TURN addresses; empty on a LAN. */
  iceServers: z.array(
    z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() }),
  ),
  features: PbxFeatures.optional(),
});
export type SipAccount = z.infer<typeof SipAccount>;

export const CallingPolicy = z.object({
  /** IANA name, e.g. Asia/Seoul. */
  timeZone: z.string().max(60),
  /** ISO 3166-1 alpha-2: how numbers without a country code are read. */
  country: z.string().length(2),
  /** Marketing calls are allowed from .. to (local minutes of the day). */
  marketingFromMinute: z.int().min(0).max(1440),
  marketingToMinute: z.int().min(0).max(1440),
  /** Consent must be given or confirmed again within this many days. */
  consentMaxAgeDays: z.int().min(1),
  /** The do-not-call list must not be older than this. */
  doNotCallMaxAgeHours: z.int().min(1),
  /** When the centre last loaded the list; null: never. */
  doNotCallLoadedAt: Instant.nullable(),
  /** Whether desks may dial premium-rate numbers (060 in Korea, 1-900, +979 …). Absent: refuse. */
  premiumNumbers: z.enum(['refuse', 'allow']).optional(),
  /** Numbers that begin so (E.164) are never dialled. Absent: the networks of no country (+870, +881, +882, +883). */
  forbiddenPrefixes: z
    .array(z.string().regex(/^\+[1-9]\d{0,13}$/))
    .max(200)
    .optional(),
  /** What marketing calls are about: financial products have a law of their own. Absent: general. */
  product: z.enum(['general', 'financial']).optional(),
  /** No more marketing calls to one customer than this. Absent: as the law of their country has it. */
  marketingAttempts: z.object({ times: z.int().min(1), withinHours: z.int().min(1).max(8760) }).optional(),
  /** The key of the customers' own yes-or-no field that says "no marketing calls to this one". Absent: there is none. */
  blockedBy: z.string().max(60).optional(),
  /** Who may pass, with a reason, what may be overridden at all. Absent: supervisors and administrators. */
  dialOverride: z.enum(['everybody', 'supervisors', 'nobody']).optional(),
});
export type CallingPolicy = z.infer<typeof CallingPolicy>;

export const DeskHolds = z.enum(['all', 'team', 'assigned']);
export type DeskHolds = z.infer<typeof DeskHolds>;

/** GET /v1/desk-config: everything that a desk needs beyond the synced tables. */
/** A colleague who can be called inside the house. */
export const Colleague = z.object({
  name: z.string().max(100),
  /** The user name of their line at the PBX. */
  extension: z.string().max(100),
  team: z.string().max(100).nullable(),
});
export type Colleague = z.infer<typeof Colleague>;

export const DeskConfig = z.object({
  businessName: z.string().max(200),
  currency: z.string().length(3),
  sip: SipAccount.nullable(),
  policy: CallingPolicy,
  wrapUpSeconds: z.int().min(0).max(3600),
  /** Not 'all': callers whom this desk does not have are asked from the centre while it rings. Absent: all. */
  deskHolds: DeskHolds.optional(),
  /** Who is a customer now, as the business means it; null or absent: it does not say. */
  currentCustomer: CurrentRule.nullable().optional(),
  /** Everybody else with a line; absent from an older centre. */
  directory: z.array(Colleague).max(2000).optional(),
  /** The practice call centre, where there is one. `url` is on loopback. */
  practice: z.object({ url: z.url(), token: z.string() }).nullable(),
  /** True when the centre runs on the embedded practice store: the desk then says "at the practice centre". */
  practiceStore: z.boolean(),
});
export type DeskConfig = z.infer<typeof DeskConfig>;

/** GET /v1/demo-logins, and POST /v1/sign-in-demo { login, deviceId } -> SignInResponse: 404 unless the centre holds practice data. */
export const DemoLogins = z.object({
  logins: z.array(z.object({ login: z.string(), name: z.string(), role: z.string() })),
});
export const DemoSignInRequest = z.object({ login: z.string().min(1).max(100), deviceId: Id });

/**
 * POST /v1/customers/lookup: asking the centre for somebody who is not on this desk, by phone or by text. A body, because the
 * number must not stand in the log of a proxy.
 */
export const CustomerLookup = z.object({
  phone: z.string().min(3).max(64).optional(),
  q: z.string().trim().min(1).max(100).optional(),
  after: Id.nullable().default(null),
  limit: z.int().min(1).max(500).default(50),
});
export const CustomerPage = z.object({
  customers: z.array(z.object({ customer: Customer, contactPoints: z.array(ContactPoint) })).max(500),
  next: z.string().nullable(),
});
export type CustomerPage = z.infer<typeof CustomerPage>;

/**
 * Administration (role administrator): PUT /v1/admin/{teams,users,sip-accounts,pbx,dispositions,break-reasons,text-blocks,queues,practice,
 * business,custom-fields}, one thing a request, each idempotent by its natural key. Pages and replies: central-admin-api.ts.
 */
export const AdminTeam = z.object({ name: z.string().min(1).max(100) });
export const AdminUser = z.object({
  login: z.string().regex(/^[a-z0-9._-]{2,60}$/),
  name: z.string().min(1).max(100),
  /** Absent when an existing user keeps theirs. */
  password: z.string().min(8).max(200).optional(),
  role: Role,
  team: z.string().max(100).nullable(),
  /** Practice centres only, for a new user: sign-in without a password. The practice call centre's own staff has it. */
  demo: z.boolean().optional(),
});
export const AdminSipAccount = z.object({
  login: z.string(),
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
  displayName: z.string().max(100),
});
export const AdminPbx = z.object({
  server: z.url({ protocol: /^wss?$/ }),
  /** Where the desks go when that one is away. */
  backupServers: SipAccount.shape.backupServers,
  domain: z.string().min(1).max(200),
  iceServers: SipAccount.shape.iceServers,
  features: PbxFeatures.optional(),
});
export const AdminDisposition = z.object({
  code: z.string().regex(/^[a-z0-9_]{1,40}$/),
  label: LocalText,
  key: z
    .string()
    .regex(/^[1-9]$/)
    .nullable(),
  order: z.int(),
  active: z.boolean(),
});
export const AdminBreakReason = AdminDisposition.omit({ key: true });
export const AdminTextBlock = TextBlock.omit({ id: true }).refine(
  ({ text, inLanguage = {} }) =>
    [text, inLanguage.ko, inLanguage.en].every((one) => unknownMergeFields(one ?? '').length === 0),
  { error: `only these may be left open: ${MERGE_FIELDS.join(', ')}`, path: ['text'] },
);
export const AdminQueue = z.object({ name: z.string().min(1).max(100), label: LocalText });
export const AdminPractice = z.object({ url: z.url(), token: z.string() }).nullable();
export const AdminBusiness = z.object({
  name: z.string().max(200),
  currency: z.string().length(3),
  wrapUpSeconds: z.int().min(0).max(3600),
  /** Which customers a desk holds: all of them; those of its agent's team; or the agent's own, on lists, and of late. Absent: all. */
  deskHolds: DeskHolds.optional(),
  policy: CallingPolicy.omit({ doNotCallLoadedAt: true }),
});
