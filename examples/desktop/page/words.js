// What the phone says, in the language of the phone; and how amounts, ages and distances are written.
import japanese from '/japanese.js';

const english = {
  locale: 'en-IE',
  here: 'You are here', areYouIn: 'Are you in', question: (name) => `${name}?`,
  likeliest: (stores, settles) => `Likeliest of ${stores} here. One tap decides ${settles} ${settles === 1 ? 'method' : 'methods'}.`,
  likeliestOnly: (stores) => `Likeliest of ${stores} here.`,
  atOne: (stores) => `One of ${stores} stores here`, nearOne: 'Near this store',
  yes: 'Yes', another: 'Another store', which: 'Which store are you in?', search: 'Name or street', none: 'None of these',
  worksHere: 'Works here', likely: 'Likely', unsure: 'Not sure', likelyNot: 'Probably not', inactive: 'Not here',
  left: 'left', alsoWorks: 'Also works here', others: 'Your other methods', notHere: 'Not here', unknownBalance: 'balance unknown',
  takeOf: (take, stores) => `${take} of the ${stores} stores here take it`, ofStores: (n, stores) => `${n} of ${stores} stores`, say: (scheme) => `say “${scheme}”`,
  nobody: 'nobody has said', more: (n) => `${n} more of yours work here: your choice hides them`,
  noneWorks: 'None of yours works here', addBefore: 'Add one before you queue:', takes: (name) => `${name} takes`, takenHere: 'Taken here', add: 'Add',
  yours: 'Your methods', askAtTill: 'Nobody has said yet what this store takes. Ask at the till.',
  nowhere: 'No store here', nowhereHelp: 'Walk to a store, or scan the code on its counter.', nowhereAlso: 'These are your methods and what is left on each.',
  first: 'Add your first method', firstHelp: 'Then this page says, at every door, whether it works there.',
  loggedOut: 'Log in to see your methods', loggedOutHelp: 'The stores are known without it.',
  offline: 'No connection', offlineHelp: (age) => `What the phone knew ${age}; it will refresh by itself.`,
  live: 'Balances live', awaited: 'Asking for balances', away: (age) => `Balances ${age}`, out: 'Not logged in', oldStores: (days) => `Store data ${days} days old`,
  storage: { vault_put_aside: 'What this phone kept of you was damaged and put aside. Log in again', transfers_put_aside: 'The record of payments and deposits on this phone was damaged and put aside. What was under way is in the history', stores_put_aside: 'The stores this phone knew were damaged. They are fetched anew', full: 'The phone’s storage is full. Nothing new is kept', read_only: 'The app may not write its storage. Nothing new is kept', failing: 'The phone’s storage fails. Nothing new is kept' },
  channel: { contactless: 'hold the phone to the till', scan: 'scan the store’s code', code: 'show your code' },
  pay: { contactless: 'Pay · hold the phone to the till', scan: 'Pay · scan the store’s code', code: 'Pay · show your code' },
  ways: { contactless: 'Contactless', scan: 'Scan', code: 'My code' },
  share: (method) => `Shall others know ${method} works here?`, shareHelp: 'Sends the store and “works”. Not you, not the amount.', tellOthers: 'Tell',
  happened: 'What happened at the till?', report: { worked: 'It worked', refused: 'They do not take it', cash_only: 'Cash only' },
  source: { store: 'store’s own list', settlement: 'payments made here', register: 'the register', open_street_map: 'OpenStreetMap', code: 'the code scanned', members: 'members who were here', own: 'you were here', sibling: 'it takes cards like it', chain: 'chains take it', country: 'stores like it take it', generated: 'made up for trials' },
  basis: (source, age) => `${source}, ${age}`,
  reason: {
    store_does_not_take: 'Store does not take it', channel_not_offered: 'The store takes it, but not this way', expired: 'Expired',
    blocked: 'Blocked. You can unblock it under Money', balance_too_low: 'Not enough left on it', below_minimum: 'The amount is below its minimum',
    limit_reached: 'Its limit is reached', phone_lacks_nfc: 'This phone cannot do contactless', operator_down: 'Its bank does not answer now', store_list_unknown: 'Nobody has said: ask at the till', reports_differ: 'Some say it works here, some that it does not: ask',
  },
  evidence: {
    position: 'position', beacon: 'beacon heard', signed_code: 'signed code', unsigned_code: 'unsigned code', joined_wifi: 'its Wi-Fi joined', wifi: 'its Wi-Fi heard',
    nfc: 'tag touched', chosen: 'chosen by you', habit: 'you were here before', simulated_position: 'simulated position',
  },
  why: (word) => `Why “${word}”?`, whyStores: 'Stores in question', takesIt: 'take it', refusesIt: 'do not', silent: 'say nothing', said: 'Who says so', since: 'since',
  payThis: 'Pay with it', chanceOf: (low, high) => low === high ? `${low} %` : `${low} to ${high} %`, chance: 'Chance that it works here',
  tabs: { here: 'Here', scan: 'Scan', money: 'Money', history: 'History' },
  scanTitle: 'Scan the store’s code', scanHelp: 'Hold the code inside the frame', photo: 'From a photo', typeIt: 'Type it', camera: 'Camera', noCamera: 'the computer has no camera that this page may use', counter: 'Counter', tillCode: 'The till’s code', copied: 'A copied code', forged: 'A forged code',
  noCode: 'No code was seen in it', tooDark: 'Too dark: more light, please', tooFar: 'A code is in view, but too small: closer', noTillCode: 'The till shows no code yet. Key the amount in at the till.', typeLabel: 'Text of a code',
  alarm: 'Do not pay this code', alarmStore: 'It belongs to another store.', nothingPaid: 'Nothing was paid.', codeSays: 'The code says', youAreIn: 'You are in', youAreNot: 'not there', elsewhere: 'You are somewhere else',
  scanRight: 'Scan the right code', otherWay: 'Pay another way', whatToDo: 'What to do', todo1: 'Show this to the staff: someone may have stuck a false code over theirs.', todo2: 'Ask for the code on the till’s own screen.',
  forgery: 'This code is forged', forgeryHelp: 'No key of the register signed it. Nothing was paid.',
  codeFor: (payee) => `Code of ${payee || 'a store'}`, warning: {
    far_from_its_place: 'It was signed for another place', personal_account: 'It pays into a person’s account', forged: 'It is forged', not_proven: 'It is not proven yet', not_as_specified: 'It breaks rules of its kind',
    other_country: 'It names another country', other_postal_code: 'It names another postal code', other_city: 'It names another city' },
  payTo: (name) => `Pay ${name}`, proven: 'Amount proven by the store’s code', byCharge: 'Amount charged by the till', approve: 'Approve', code: 'Settlement code', cancel: 'Cancel', close: 'Close',
  before: 'Nothing moves before you approve. Asked twice, paid once.', leftAfter: (left) => `${left} left after`,
  showTitle: 'Show this to the staff', codeInText: 'Code in letters', thenNew: 'then ask for a new one', newCode: 'New code', atMost: 'Pays at most what is left',
  paid: 'Paid', by: 'By', storeLabel: 'Store', receipt: 'Receipt', done: 'Done', turn: 'Turn to staff', saveIt: 'Save',
  notPaid: 'Not paid', nothingTaken: 'Nothing was taken.', retry: 'Trying again can never pay twice.', reference: (id) => `Reference ${id}`,
  states: { awaited: 'Asking the till’s server', unknown: 'Not known yet whether it is paid', pending: 'Approved; the bank has not answered yet', cancelling: 'Giving it up' },
  waitHelp: 'The phone asks until it knows. Do not pay another way meanwhile.',
  payment: {
    title: 'Payment',     method_does_not_work: 'The method does not work here.', not_registered: 'The method is not registered any more.', not_payable: 'Such a method cannot be paid with here yet.', code_not_genuine: 'The code is not genuine.',
    code_out_of_date: 'The code’s time was over.', no_charge: 'The till asks for this no more.', charge_taken: 'Somebody else pays it.', not_sent: 'The server was not reached in time.', not_taken: 'The server did not take it.' },
  expired: 'Nobody agreed in time.', cancelled: 'You gave it up.',
  next: { approve: 'Approve', wait: 'Wait', show_code: 'Show the code', scan_again: 'Scan again', show_again: 'Show a new code', hold_to_reader: 'Hold the phone to the till', hold_again: 'Hold the phone there again', ask_cashier: 'Ask the cashier for a new code', choose_another: 'Take another method', deposit: 'Deposit', nothing: 'Done' },
  paying: 'Paying…', holdTitle: 'Hold the phone to the till', holdHelp: 'Once the cashier has keyed the amount in. Nothing is paid before you approve.', holdThere: 'Hold it there',
  money: 'Money', deposit: 'Deposit', addMethod: 'Add a method', deposits: 'Deposits', pending: 'on its way', failed: 'failed, nothing taken', doneWord: 'in the wallet', toWallet: (name) => `To ${name}`, after: (left) => `${left} after`,
  from: 'From', amount: 'Amount', linkCode: 'Code of your bank or card company', linkHelp: 'Your bank or card company gives you the code.', scheme: 'Kind', choices: { all: 'All', most_used: 'Most used', largest_balance: 'Largest balance' }, show: 'Show',
  history: 'History', noHistory: 'Nothing has moved yet', noHistoryHelp: 'Your deposits and payments by every method come here, with their refunds.', kinds: { deposit: 'Deposit', use: 'Payment' }, undone: { deposit: 'Deposit returned', use: 'Refund' }, leftNow: (left) => `${left} left`,
  account: 'Account', devices: 'Your devices', thisPhone: 'this phone', logOut: 'Log out', logIn: 'Log in', join: 'Join', userId: 'User id', password: 'Password', name: 'Name', address: 'Address', phone: 'Phone', email: 'E-mail', settlementNew: 'Settlement code (6 to 12 digits)',
  slogan: 'See what the till takes', sloganHelp: 'At the store’s door, see which of your cards and wallets work there, and what is left on each.', private: 'Your position stays on this phone. The app asks before anything else leaves it.', newHere: 'New here?', joinSoon: 'Join in a minute', mailed: 'Code that was mailed', mailHelp: 'A code went to your e-mail address.', confirm: 'Confirm',
  paidIn: (month) => `Paid in ${month}`, ofMethod: 'Payments by', allMethods: 'All methods', deleteKey: 'Delete',
  notice: {
    pocket: 'In your pocket', takeOut: 'Take it out', pay: 'Pay', hidden: 'Balances are hidden until you unlock', door: 'In this store', comma: ', ', works: (names) => `Works here: ${names}`, likely: (names) => `probably: ${names}`, notIn: (name) => `Not in ${name}`, more: (n) => `${n} more`,
    paid: 'Paid', not_paid: 'Not paid', deposited: 'Deposited', not_deposited: 'Not deposited', refunded: 'Refunded' },
  back: 'Back', today: 'today', ago: (text) => `${text} ago`, now: 'now', never: 'never', amountAtTill: 'Amount at the till',
  problem: {
    login_refused: 'User id and password do not belong together.', link_refused: 'This code is not valid, or not for this kind.', not_logged_in: 'Log in first.', server_away: 'The wallet server does not answer. What the phone knows stands.',
    storage: 'The phone’s storage is full.', harness_away: 'The harness has ended. Start it again.', FixMocked: 'The position was made up by a test tool: it is not used.', CodeNotGenuine: 'This code is forged: nothing is paid by it.', TextNoStoreCode: 'That is no code of a store.', CodeMalformed: 'The code is damaged: aim again.',
    CodeOutOfDate: 'This code’s time is over: ask for a new one.', MethodNotActive: 'This method does not work here.', NoPaymentCode: 'Scan the till’s code first.', CodeNotProven: 'The code is not proven: nothing is paid by it.', CodeFarFromItsPlace: 'The code was carried here: nothing is paid by it.', SettlementCodeRefused: 'The settlement code is not right.', FixTooCoarse: 'The position is too coarse.' },
  failedWith: (text) => `That did not work: ${text}`,
};

let words = english;
let pseudo = false;

// A text as a language that is written from the right would show it: the same letters, the other way.
const turned = (text) => `\u202e${text}\u202c`;

export function setLanguage(code) {
  words = code === 'ja' ? { ...english, ...japanese } : english;
  pseudo = code === 'rtl';
}

export const language = () => (words === english ? 'en' : 'ja');
export const direction = () => (pseudo ? 'rtl' : 'ltr');

// The words of a key (`pay.scan`); with arguments where the words take them.
export function t(key, ...given) {
  let found = key.split('.').reduce((at, part) => at?.[part], words);
  found ??= key.split('.').reduce((at, part) => at?.[part], english);
  const text = typeof found === 'function' ? found(...given) : found ?? key;
  return pseudo ? turned(text) : text;
}

export const has = (key) => key.split('.').reduce((at, part) => at?.[part], english) !== undefined;

export function money(amount) {
  if (!amount) return '';
  const value = amount.minor / 10 ** amount.decimals;
  return new Intl.NumberFormat(words.locale, { style: 'currency', currency: amount.currency, minimumFractionDigits: amount.decimals }).format(value);
}

export const clock = (ms) => new Date(ms).toTimeString().slice(0, 5);

export function ago(fromMs, nowMs) {
  const seconds = Math.max(0, Math.round((nowMs - fromMs) / 1000));
  const steps = [[86_400, 'day', 'd'], [3_600, 'hour', 'h'], [60, 'minute', 'min']];
  const step = steps.find(([long]) => seconds >= long);
  if (!step) return t('now');
  const count = Math.floor(seconds / step[0]);
  if (words !== english) return words.agoUnit[step[1]](count);
  return t('ago', step[1] === 'day' ? `${count} ${count === 1 ? 'day' : 'days'}` : `${count} ${step[2]}`);
}

// What was said of a store counts in days.
export const days = (fromMs, nowMs) => (nowMs - fromMs < 86_400_000 ? t('today') : ago(fromMs, nowMs));

export const kindOf = (industry) => (industry.split('=')[1] || industry).replaceAll('_', ' ');
export const title = (store) => store.name || kindOf(store.industry);
