import { Id, ShopParams, shopParams } from './common.ts'
import { UploadedFile } from './content.ts'
import {
  Invoice,
  InvoiceDetail,
  InvoiceIssue,
  InvoiceOffer,
  InvoicePage,
  InvoiceQuery,
  InvoiceRefusal,
  InvoiceReversal,
  InvoiceRow,
  InvoiceWish,
} from './invoices.ts'
import { routes } from './route.ts'

const buyer = { audience: 'buyer' } as const
const reads = { audience: 'staff', permission: 'money.read' } as const
const writes = { audience: 'staff', permission: 'money.write' } as const
const OrderParams = shopParams({ orderId: Id })
const InvoiceParams = shopParams({ invoiceId: Id })

export const invoiceRoutes = routes({
  'invoices.ofOrder': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/orders/:orderId/invoice',
    summary: 'Whether an invoice 发票 may be asked for, what was asked for, and heads used before',
    access: buyer,
    params: OrderParams,
    response: InvoiceOffer,
    errors: ['NOT_FOUND'],
  },
  'invoices.ask': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/orders/:orderId/invoice',
    summary: 'Ask for an invoice of an order; while it is not issued, the same changes its head',
    access: buyer,
    params: OrderParams,
    body: InvoiceWish,
    response: Invoice,
    errors: ['NOT_FOUND', 'INVOICE_REFUSED'],
  },
  'invoices.withdraw': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/orders/:orderId/invoice/withdraw',
    summary: 'Take back what is asked for and not issued yet',
    access: buyer,
    params: OrderParams,
    response: Invoice,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'console.invoices': {
    method: 'GET',
    path: '/api/console/shops/:shopId/invoices',
    summary: 'Requests for invoices, newest first',
    access: reads,
    params: ShopParams,
    query: InvoiceQuery,
    response: InvoicePage,
  },
  'console.invoice': {
    method: 'GET',
    path: '/api/console/shops/:shopId/invoices/:invoiceId',
    summary: 'One request with what is on the invoice, by tax rate',
    access: reads,
    params: InvoiceParams,
    response: InvoiceDetail,
    errors: ['NOT_FOUND'],
  },
  'console.issueInvoice': {
    method: 'POST',
    path: '/api/console/shops/:shopId/invoices/:invoiceId/issue',
    summary: 'It was issued: its number, day and where the buyer sees it',
    access: writes,
    params: InvoiceParams,
    body: InvoiceIssue,
    response: InvoiceRow,
    errors: ['NOT_FOUND', 'CONFLICT', 'DUPLICATE'],
  },
  'console.refuseInvoice': {
    method: 'POST',
    path: '/api/console/shops/:shopId/invoices/:invoiceId/refuse',
    summary: 'It is not issued; the buyer is told why and may ask again',
    access: writes,
    params: InvoiceParams,
    body: InvoiceRefusal,
    response: InvoiceRow,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'console.reverseInvoice': {
    method: 'POST',
    path: '/api/console/shops/:shopId/invoices/:invoiceId/reverse',
    summary: 'It was taken back by a red invoice 红冲; the buyer may ask for the rest',
    access: writes,
    params: InvoiceParams,
    body: InvoiceReversal,
    response: InvoiceRow,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'console.uploadInvoice': {
    method: 'POST',
    path: '/api/console/shops/:shopId/invoice-media',
    summary: 'Upload a picture of an invoice (20 MB)',
    access: writes,
    params: ShopParams,
    consumes: 'file',
    response: UploadedFile,
    errors: ['FILE_REFUSED', 'BODY_TOO_LARGE'],
  },
})
