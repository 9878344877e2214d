import type { helpZh } from '../zh/help.ts'

/** What a screen is for and how it is used, told beside its title; lines are set apart by `|`. */
export const helpEn: Record<keyof typeof helpZh, string> = {
  'help.price-rules.what': 'Prices besides the price of a SKU: for a time, for members, somewhere, in a channel.',
  'help.price-rules.how':
    'The most specific regional or channel price counts, else the SKU’s own; of member and scheduled prices the lowest is taken, never added up|A product as a whole, or single SKUs with prices of their own|The preview says what the prices become and which fall below cost|Stopping a rule brings the old price back at once',
  'help.members.what': 'Member levels, and who has which.',
  'help.members.how':
    'A greater number is a higher level; member prices are given by level|A level that members or rules use cannot be removed|What was given by hand, no rule takes away',
  'help.search-settings.what': 'What buyers look for, what they do not find, hot words and synonyms.',
  'help.search-settings.how':
    'Words without a result are worth new goods or a set of synonyms|Any word of a set finds the goods of all of them|Pinned words come first, blocked ones never|New titles are found at once; the index can be rebuilt',
  'help.bulk-edits.what': 'Every bulk edit: who, when, what.',
  'help.bulk-edits.how':
    'Products that did not fit were left alone; “Left alone” says why|While there is time, Undo takes the whole edit back, but for products changed since',
  'help.recycle-bin.what': 'Deleted products wait here and are in no list.',
  'help.recycle-bin.how':
    'Restored products are off sale|After their time they are removed; what had stock or orders is only hidden|Several can be restored or removed together',
  'help.completeness.what': 'How complete products are: 0 to 100, and what is missing.',
  'help.completeness.how': 'Products that sell much and lack much come first|Weights and thresholds are shop settings',
  'help.tags.what': 'Dimensions such as scene, people, season, by which buyers filter.',
  'help.tags.how':
    'Make a dimension, add values, tag products in their editor|Values of one dimension are alternatives, dimensions add up|A value that products carry cannot be removed',
  'help.product-roles.what': 'Traffic, custom, regular, exclusive: turnover, margin and returns of each.',
  'help.product-roles.how':
    'Roles are given in the product list|Channel-exclusive goods should be 20 % or more, at a margin of 50 % or more',
  'help.reviews.what': 'What buyers say: moderated, shown, the good ones pinned.',
  'help.reviews.how':
    'To do: waiting, unanswered, reported|Approve or reject many at once; rejecting needs a reason|Narrow down to a product, then to one of its SKUs|Low stars have a time to answer and turn red after it',
  'help.waves.what': 'Orders that are picked and shipped together.',
  'help.waves.how':
    'A wave holds parcels of one warehouse|The picking list adds up each SKU by place|A wave ends when its parcels have left',
  'help.scan.what': 'Scan parcels and goods, check while scanning, ship.',
  'help.scan.how':
    'Scan the label, then the goods; what is wrong is told at once|A number of another buyer is refused|There is a while to take a parcel back before it is handed over',
  'help.ship-files.what': 'Tracking numbers of many orders by spreadsheet.',
  'help.ship-files.how':
    'Download what waits, fill in carrier and number, upload|A preview says what is wrong in which row; the others are shipped|The same file twice ships nothing twice',
  'help.print.what': 'Picking lists, packing slips and labels on paper.',
  'help.print.how':
    'Every print is recorded with who and when; the second is marked as a reprint|Labels name the receiver, which needs the permission for personal data',
  'help.routing.what': 'Which warehouse ships an order: by region, stock, distance and cost.',
  'help.routing.how':
    'Rules are read from the top; for each thing to decide the first that fits counts|Try an address or an order to see where it goes, and why|A warehouse that is short is passed over, and that is said',
  'help.local.what': 'Same-city orders: accepted, prepared, on their way, delivered.',
  'help.local.how':
    'Those near their promised time come first|Only opening hours count; what does not fit before closing carries over|What cannot be delivered is sent by courier',
  'help.pick-up.what': 'Pick-up: check the code, hand over the goods.',
  'help.pick-up.how':
    'Scan the buyer’s code, or type its eight digits|After too many wrong tries there is a pause|A point may name its staff; then only they hand over there',
  'help.delivery.what': 'How buyers get their goods: courier, same-city, pick-up.',
  'help.delivery.how':
    'Same-city delivery needs an area|Pick-up needs a point with opening hours|Changes leave placed orders alone',
  'help.exceptions.what':
    'Orders that went wrong on their way: stuck, problem, short, new address, on hold, late, at risk, not fetched.',
  'help.exceptions.how':
    'Each has an owner and a clock|For a shortage the buyer is asked first; then the money goes back or you decide|Every step is kept',
  'help.aftersale.what':
    'Refunds, returns and exchanges that buyers ask for, and what the shop refunds of its own accord.',
  'help.aftersale.how':
    'The least time left first; what nobody decides goes on by itself|At most the goods’ frozen shares go back, less what has gone back already|Inspect what came back: restock or scrap, then the money or the replacement|What was accepted by the clock waits to be counted before it is in stock|Refusals, messages and inspections take pictures and videos|A refusal needs a reason; the buyer may ask the platform',
  'help.aftersale-settings.what': 'The reasons buyers choose from, and where goods are sent back to.',
  'help.aftersale-settings.how':
    'Without an address no return can be agreed to|Freight goes by whose fault a reason names; “quality” counts for scores|Cases keep the reason as it was|Clocks are in the shop’s settings, “After-sale”',
  'help.platform-aftersale.what': 'Cases that buyers brought before the platform.',
  'help.platform-aftersale.how':
    'Read what both sides said and showed, then decide|A part may be refunded, up to the ceiling|A ruling binds both and cannot be undone',
  'help.legal.what': 'Privacy policy, user agreement and the other texts that buyers agree to.',
  'help.legal.how': 'The built-in texts can be used; better fit them to the shop|Every publishing makes a new version',
  'help.buyers.what': 'People who signed in and agreed, kept something, or ordered.',
  'help.buyers.how': 'Found by nickname, phone or order number|Phones are hidden',
  'help.messages.what': 'Subscription messages to buyers.',
  'help.messages.how': 'WeChat lets one message through for each consent; without it the buyer reads it with the order',
  'help.prints.what': 'What was printed.',
  'help.prints.how': 'Who printed what and when; reprints are marked',
  'help.platform-shops.what': 'All shops of the platform.',
  'help.platform-shops.how': 'A new shop comes with its owner’s account',
  'help.platform-settings.what': 'Rules that all shops begin with.',
  'help.platform-settings.how': 'What a shop has not set comes from here|Changes note who, when, from what to what',
  'help.money.what': 'Where the shop’s money is now.',
  'help.money.how':
    'Every figure is the ledger’s and agrees with the statements|Follow a card for its details|What is owed comes from refunds after withdrawal; later earnings repay it first',
  'help.payments.what': 'Every attempt of a buyer to pay: way, state and numbers.',
  'help.payments.how':
    'Filter by state, way, number, time or amount|An order may have several attempts; it takes one, the rest goes back by itself',
  'help.refunds.what': 'Money that goes back to buyers, and what WeChat last answered.',
  'help.refunds.how':
    'WeChat is asked by itself until there is a result|Ask at once with “Ask WeChat now”|Finish an abnormal refund in WeChat’s merchant platform',
  'help.personal-payments.what': 'Money that buyers sent to a code: to check, received, to be paid back, and the days.',
  'help.personal-payments.how':
    'Find the money in WeChat’s bill before confirming; pictures can be made up|A transaction number is used once|At the daily limit nothing more is confirmed or offered|Send money back in WeChat first, then record its number and picture|Hold “By day” against your own bill in WeChat',
  'help.approvals.what':
    'Sensitive operations that wait for a colleague: withdrawals, payout accounts, keys, large refunds, adjustments, mass exports.',
  'help.approvals.how':
    'Turned on by operation under “Two people” in the settings|Whoever decides holds the same permission over the whole shop, and never decides on their own|Done once by whoever asked; anything else is asked for anew|Every step is in the audit trail',
  'help.personal-codes.what': 'The shop’s own codes and the limit of one payment by each.',
  'help.personal-codes.how':
    'Buyers see the way once it is switched on|Not for orders beyond the limit of every code that is on|Changing a code asks who you are|The money never passes WeChat Pay’s merchant account: it is not withdrawn or split',
  'help.settlement-items.what': 'Each complete order: the merchant’s part, and when it is available.',
  'help.settlement-items.how':
    'The cycle follows the merchant’s level, T+1 to T+7 business days|Refunds before that day are taken off',
  'help.statements.what': 'A statement for each period, with every order, fee, share and refund.',
  'help.statements.how':
    'Open a line for its ledger transfers|Download as CSV, print or save as PDF|Opening plus net is closing',
  'help.books.what': 'Purchase, sale and stock of each SKU; revenue by period, tax rate and channel.',
  'help.books.how':
    'Opening + in − out = closing, and closing is what stock reports|Amounts are at the present cost prices; SKUs without one are left out|Prices include tax: tax = net × rate ÷ (1 + rate)|Any number leads to the movements or orders behind it|Download as Excel or CSV; the last row has the sums',
  'help.reconciliation.what': 'Whether WeChat’s bills agree with our payments, refunds, splits, ledger and orders.',
  'help.reconciliation.how':
    'Yesterday is compared at 10:30 every day; any day can be compared again|WeChat stands above, we below|Open a row for its differences',
  'help.differences.what': 'Everything that does not agree: what, whose it is, how it ends.',
  'help.differences.how':
    'What happened over midnight waits for the next bill and closes itself|Where states differ, ask WeChat first|An adjustment needs a reason and your proof, and is audited',
  'help.ledger.what': 'Balances and transfers of every money account.',
  'help.ledger.how':
    'Money always moves from one account to another; all sum to zero|Open an account for its transfers, an order for its money',
  'help.withdrawals.what': 'Move available money to WeChat.',
  'help.withdrawals.how':
    'Name the payout account first; a change counts after a while|The receiver confirms on the phone within 24 hours|Both ask for proof of who you are',
  'help.freezes.what': 'Money the platform has frozen: reason, clock, papers.',
  'help.freezes.how':
    'Released by itself unless the platform prolongs it|Pictures, spreadsheets and archives can be handed in',
  'help.deposits.what': 'The deposit: required, held, and every change.',
  'help.deposits.how':
    'Paid out of what is available|What is more than required can be taken out|Nothing can be withdrawn while it is short',
  'help.platform-merchants.what': 'Each shop’s level, which decides cycle and deposit.',
  'help.platform-merchants.how':
    'Counts for orders completed later|Money is frozen and deposits are deducted from here, all of it recorded',
  'help.platform-freezes.what': 'Freezes of all shops.',
  'help.platform-freezes.how':
    'Reminders come before the end, then it is released by itself|Prolonging and releasing take a reason',
}
