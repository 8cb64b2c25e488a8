// Every sentence of the console in English, as ICU messages. The keys are the type that zh.ts must satisfy. Pages with
// many of them have a file of their own in en/, and its counterpart in zh/.

import { builder } from './en/builder'
import { define } from './en/define'
import { consumers } from './en/consumers'
import { home } from './en/home'
import { imports } from './en/imports'
import { insight } from './en/insight'
import { jobs } from './en/jobs'
import { models } from './en/models'
import { overlap } from './en/overlap'
import { portrait } from './en/portrait'
import { password } from './en/password'
import { plays } from './en/plays'
import { rfm } from './en/rfm'
import { settings } from './en/settings'
import { shell } from './en/shell'
import { sources } from './en/sources'
import { tags } from './en/tags'
import { tracks } from './en/tracks'

export const en = {
  ...shell,
  ...builder,
  ...define,
  ...consumers,
  ...home,
  ...imports,
  ...insight,
  ...jobs,
  ...models,
  ...overlap,
  ...portrait,
  ...password,
  ...plays,
  ...rfm,
  ...settings,
  ...sources,
  ...tags,
  ...tracks,

  'app.skip': 'Skip to the content',
  'app.loading': 'Loading',
  'app.updating': 'updating',
  'app.language': 'Language',
  'app.theme.light': 'Switch to the light theme',
  'app.theme.dark': 'Switch to the dark theme',
  'app.workspace': 'Workspace',
  'app.signout': 'Sign out',
  'app.unknown_page': 'There is no such page.',
  'app.home': 'Go home',
  'app.other_workspace': 'This session belongs to the workspace “{own}”, not to “{wanted}”.',
  'app.open_workspace': 'Open “{own}”',
  'app.retry': 'Try again',
  'app.newer': '{n, plural, one {# newer event} other {# newer events}} since this was counted',
  'app.refresh': 'Refresh',
  'app.close': 'Close',
  'app.copied': 'Copied',
  'app.copy_failed': 'The browser does not allow copying here.',

  'nav.main': 'Pages',
  'nav.insight': 'Insight',
  'nav.states': 'People by state',
  'nav.reach': 'Reach',
  'nav.pushes': 'Pushes',

  'login.title': 'Sign in to Weir',
  'login.token': 'Access token',
  'login.submit': 'Sign in',
  'login.help': 'Make a token on the machine that Weir runs on:',
  'login.empty': 'Paste a token.',

  'provenance.as_of': 'as of {date}',
  'provenance.exact': 'exact',
  'provenance.through': 'data through {time}',
  'provenance.no_data': 'no data yet',
  'provenance.version': '{model} v{version}',
  'provenance.shipped': '{model}, as shipped',
  'provenance.unverified': 'windows unverified',
  'provenance.unverified_help':
    'The time windows of this model are our reading of how platforms use these names, not a published definition.',

  'view.as_of': 'As of',
  'view.latest': 'Latest day with data',
  'view.model': 'State model',
  'view.scope': 'Scope',
  'view.who': 'Whom',
  'view.from': 'From',
  'view.to': 'To',
  'view.from_beginning': 'The data begin here',
  'view.days': '{n, plural, one {# day} other {# days}}',
  'view.span': 'Look back',
  'view.presets': 'Shipped models',
  'view.own_models': 'Your models',
  'view.audiences': 'Audiences',
  'view.snapshots': 'Locked audiences',
  'view.everyone': 'Everyone known',
  'view.expression': 'An expression',
  'view.frozen': '{name} · {date} · {count}',

  'scope.workspace': 'the whole workspace',
  'scope.shop': 'shop {name}',
  'scope.brand': 'brand {name}',
  'scope.category': 'category {name}',
  'scopes.workspace': 'Whole workspace',
  'scopes.shop': 'Shops',
  'scopes.brand': 'Brands',
  'scopes.category': 'Categories',

  'state.none': 'Not reached',
  'state.entered': 'Entered',
  'state.left': 'Left',

  'states.title': 'People by state',
  'states.intro': 'Everyone is in exactly one state of a model on every day. Click any number for the people behind it.',
  'states.now': 'On {date}',
  'states.total': 'People in all',
  'states.compared': 'pp vs {date}',
  'states.share': '{share} of all',
  'states.change': '{points} pp',
  'states.merged': '{n, plural, one {# frozen member} other {# frozen members}} merged with another since',
  'states.erased': '{n, plural, one {# frozen member} other {# frozen members}} erased since',
  'states.definitions': 'How the states are defined',
  'states.none_definition': 'Known, but in none of the states above',
  'states.order_note': 'The first rule that holds wins, from top to bottom.',
  'states.empty.title': 'No data yet',
  'states.empty.body':
    'Import events, or start the demo merchant with: weir demo. States, flows and audiences then appear here.',

  'area.title': 'Over time',
  'area.people': 'People',
  'area.share': 'Share',
  'area.unit': 'Unit',
  'area.summary':
    'Stacked area: {states} on {n, plural, one {# date} other {# dates}} from {from} to {to}. On the last date: {last}.',
  'area.date': 'Date',
  'area.step': '{days, plural, one {One point a day.} other {One point every # days.}}',
  'area.hint': 'Click an area for the people in that state on that day.',

  'flow.title': 'Flow between two dates',
  'flow.same_day': 'From and to are the same day, so nobody can have moved. Choose an earlier first date.',
  'flow.all': 'Everyone',
  'flow.movers': 'Movers only',
  'flow.shown': 'Shown',
  'flow.summary':
    'Flow diagram from {from} to {to}: {movers} of {total} people moved to another state. Largest moves: {moves}.',
  'flow.nobody': 'none',
  'flow.no_moves': 'Nobody moved between these dates.',
  'flow.move': '{from} → {to}',
  'flow.move_count': '{from} → {to}: {count}',
  'flow.moved': '{count} moved ({share})',
  'flow.moved_through': '{moved} moved, {entered} entered, {left} left',
  'flow.small': 'Too thin to draw: {n, plural, one {# move} other {# moves}}, {count, plural, one {# person} other {# people}}',
  'flow.hint': 'Click a link or a state for the people in it.',

  'matrix.title': 'Matrix',
  'matrix.caption': 'Rows: state on {from}. Columns: state on {to}.',
  'matrix.cell': 'Cells show',
  'matrix.count': 'Count',
  'matrix.row': 'Row %',
  'matrix.column': 'Column %',
  'matrix.sum': 'Sum',
  'matrix.balanced': 'rows = columns = {total} ✓',
  'matrix.balanced_lost': 'rows = columns = {sum} · {sum} + {merged} merged + {erased} erased = {total} ✓',
  'matrix.unbalanced': 'rows {rows}, columns {columns}, total {total}: they do not agree',
  'matrix.keys': 'Arrows move, Enter opens, Shift with arrows or click takes a block.',
  'matrix.label': '{from} on {fromDate}, {to} on {toDate}: {count}',
  'matrix.from_to': '{from} ↓  {to} →',

  'chart.toggle': 'Show as table (T)',
  'chart.untoggle': 'Show as chart (T)',
  'chart.png': 'Save as PNG',
  'chart.csv': 'Save as CSV',
  'chart.loading': 'Drawing',

  'count.open': '{count}: {sentence}',

  'door.title': 'The people behind this number',
  'door.recounted': 'The page said {shown}; counted again just now it is {count}.',
  'door.as_of': 'Evaluated as of {date}',
  'door.save': 'Save as audience',
  'door.snapshot': 'Lock these people',
  'door.portrait': 'Portrait',
  'door.portrait_long': 'This expression is too long for an address. Save these people or lock them, then draw the portrait of that.',
  'door.push': 'Push',
  'door.copy': 'Copy expression (JSON)',
  'door.expression': 'Expression',
  'door.name': 'Name',
  'door.name_empty': 'Give it a name.',
  'door.saved': 'Audience “{name}” is saved.',
  'door.saved_help': 'It is evaluated anew for each date. To keep exactly these people, lock them.',
  'door.frozen': 'Locked “{name}”: {count, plural, one {# person} other {# people}}, for ever these.',
  'door.follow': 'Follow them here',
  'door.save_submit': 'Save audience',
  'door.freeze_submit': 'Lock',
  'door.nobody': 'Nobody is in here, so there is nothing to push.',

  'sentence.band':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} in {states} as of {date}, by {model} over {scope}',
  'sentence.move':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} who were {from} on {fromDate} and are {to} on {toDate}, by {model} over {scope}',
  'sentence.stay':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} who were {from} on {fromDate} and are so again on {toDate}, by {model} over {scope}',
  'sentence.entered':
    'People who are in the audience “{name}” on {toDate}, as {to}, but were not in it on {fromDate}, by {model} over {scope}',
  'sentence.left':
    'People who were in the audience “{name}” on {fromDate}, as {from}, but are not in it on {toDate}, by {model} over {scope}',
  'sentence.path':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} who were {stops}, by {model} over {scope}',
  'sentence.stop': '{state} on {date}',
  'sentence.row':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} who were {from} on {fromDate}, wherever they are on {toDate}, by {model} over {scope}',
  'sentence.column':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} who are {to} on {toDate}, wherever they were on {fromDate}, by {model} over {scope}',
  'sentence.block':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} who made one of {n, plural, one {# move} other {# moves}} between {fromDate} and {toDate}, by {model} over {scope}: {moves}',
  'sentence.all':
    '{who, select, audience {Members of the audience “{name}”} snapshot {Members of the locked audience “{name}”} other {People}} followed from {fromDate} to {toDate}, by {model} over {scope}',

  'push.title': 'Push',
  'push.step.destination': 'Destination',
  'push.step.confirm': 'Confirm',
  'push.step.ledger': 'Ledger',
  'push.no_destinations': 'There is no destination yet. Make the first one here.',
  'push.new_destination': 'New destination',
  'push.existing': 'Choose a destination',
  'push.next': 'Next',
  'push.back': 'Back',
  'push.send': 'Push {count, plural, one {# person} other {# people}}',
  'push.name': 'Name of the push (optional)',
  'push.holdout': 'Holdout',
  'push.holdout_help': 'The share that is deliberately not sent, to compare with later.',
  'push.confirm': '{count, plural, one {# person} other {# people}} as of {date} to “{destination}” ({kind}).',
  'push.confirm_holdout': '{percent}% of those who can be reached are kept back as a comparison.',
  'push.cannot_undo': 'What is sent cannot be taken back.',
  'push.drift':
    'The count is checked again before anything is sent. If it differs by more than 1 %, nothing is sent.',
  'push.open': 'Open in pushes',
  'push.done': 'Done',
  'push.download': 'Download the file',
  'push.state.sending': 'sending',
  'push.state.done': 'done',
  'push.state.stopped': 'stopped',

  'destination.name': 'Name',
  'destination.kind': 'Kind',
  'destination.kind.file': 'File',
  'destination.kind.webhook': 'Webhook',
  'destination.format': 'Format',
  'destination.identifiers': 'Identifiers',
  'destination.identifiers_help': 'Which identifiers are sent; whoever has none of them is left out. Without a choice everyone is sent by their main identifier.',
  'destination.url': 'URL',
  'destination.url_help': 'It receives signed POST requests.',
  'destination.create': 'Make destination',
  'destination.secret': 'Signing secret',
  'destination.secret_help': 'Shown only now. The receiver needs it to check that requests come from here.',
  'destination.needs_name': 'Give it a name.',
  'destination.needs_url': 'Give the address to send to.',

  'ledger.title': 'Ledger',
  'ledger.audience': 'In the audience',
  'ledger.suppressed': 'not sent: {reason}',
  'ledger.suppressed_all': 'not sent',
  'ledger.holdout': 'kept back (holdout)',
  'ledger.planned': 'Planned',
  'ledger.sent': 'sent',
  'ledger.failed': 'failed: {reason}',
  'ledger.failed_none': 'failed',
  'ledger.unknown': 'unknown outcome',
  'ledger.pending': 'pending',
  'ledger.balanced': 'planned {planned} = sent {sent} + failed {failed} + unknown {unknown} + pending {pending} ✓',
  'ledger.unbalanced': 'planned {planned} ≠ sent {sent} + failed {failed} + unknown {unknown} + pending {pending}',
  'reason.no_identifier': 'no identifier of the kind asked for',
  'reason.no_consent': 'no consent',
  'reason.do_not_contact': 'do not contact',
  'reason.unsubscribed': 'unsubscribed',
  'reason.frequency_cap': 'contacted often enough',
  'reason.quiet_hours': 'quiet hours',
  'reason.recently_contacted': 'contacted lately',

  'pushes.title': 'Pushes',
  'pushes.intro': 'What went out, what did not, and why. Every ledger balances.',
  'pushes.name': 'Push',
  'pushes.destination': 'Destination',
  'pushes.created': 'Started',
  'pushes.state': 'State',
  'pushes.audience': 'Audience',
  'pushes.balance': 'Balance',
  'pushes.empty.title': 'Nothing was pushed yet',
  'pushes.empty.body': 'Choose people by state, click their number, then Push.',
  'pushes.more': 'Show more',
  'pushes.expression': 'chosen people',
  'pushes.back': 'All pushes',
} as const

export type MessageKey = keyof typeof en
