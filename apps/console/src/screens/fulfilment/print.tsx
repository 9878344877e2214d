import { PrinterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import type { ParcelPrint, PickingList, PrintJob, PrintKind } from '@zhanggui/contract'
import { Button, Empty } from 'antd'
import JsBarcode from 'jsbarcode'
import { useEffect, useRef } from 'react'
import { Link, useSearchParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { api } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import './fulfilment.css'

/** A sheet to print: asking for it counts as a print, so it is asked for once. */
export default function PrintPage() {
  const { shop, shopId } = useShop()
  const [search] = useSearchParams()
  const kind = (search.get('kind') ?? 'picking') as PrintKind
  const ids = (name: string) => search.get(name)?.split(',').filter(Boolean)
  const [wave, parcelIds, orderIds] = [search.get('wave'), ids('parcels'), ids('orders')]
  const isChosen = Boolean(wave || parcelIds || orderIds)
  const body = {
    kind,
    ...(wave ? { waveId: wave } : {}),
    ...(parcelIds ? { parcelIds } : {}),
    ...(orderIds ? { orderIds } : {}),
  }
  const job = useQuery<PrintJob>({
    queryKey: ['print', shopId, search.toString()],
    queryFn: () => api('console.print', { params: { shopId }, body }) as Promise<PrintJob>,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    retry: false,
    enabled: isChosen,
  })
  const isEmpty = job.data !== undefined && job.data.picking.length + job.data.parcels.length === 0
  return (
    <Page
      title={t(`print.${kind}`)}
      actions={
        isChosen &&
        !isEmpty && (
          <Button type="primary" icon={<PrinterOutlined />} disabled={!job.data} onClick={() => print()}>
            {t('print.go')}
          </Button>
        )
      }
    >
      {!isChosen && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} className="nothing" description={t('print.choose')}>
          <Link to={`/s/${shop.slug}/waves`}>
            <Button>{t('nav.waves')}</Button>
          </Link>{' '}
          <Link to={`/s/${shop.slug}/orders?state=awaiting-shipment`}>
            <Button>{t('nav.orders')}</Button>
          </Link>
        </Empty>
      )}
      {isChosen && (
        <Loaded query={job}>
          {(shown) => (
            <div className={`print-sheets print-${shown.kind}`} data-testid="print-sheets">
              {isEmpty && <Empty description={t('print.nothing')} />}
              {shown.picking.map((list) => (
                <Picking key={`${list.warehouseName}${list.waveCode}`} job={shown} list={list} />
              ))}
              {shown.parcels.map((each) =>
                shown.kind === 'label' ? (
                  <Label key={each.parcel.id} job={shown} print={each} />
                ) : (
                  <Slip key={each.parcel.id} job={shown} print={each} />
                ),
              )}
            </div>
          )}
        </Loaded>
      )}
    </Page>
  )
}

function Barcode({ text, height = 48 }: { text: string; height?: number }) {
  const svg = useRef<SVGSVGElement>(null)
  useEffect(() => {
    if (svg.current) JsBarcode(svg.current, text, { format: 'CODE128', height, width: 1.6, fontSize: 14, margin: 4 })
  }, [text, height])
  return <svg ref={svg} className="print-barcode" role="img" aria-label={text} />
}

function Head({
  job,
  of,
  title,
}: {
  job: PrintJob
  of: Pick<PickingList, 'nth' | 'lastPrintedAt' | 'lastPrintedBy'>
  title: string
}) {
  return (
    <div className="print-head">
      <strong>{`${job.shopName} · ${title}`}</strong>
      <span>
        {of.nth > 1 && <b className="print-again">{t('print.reprint', { nth: of.nth })}</b>}{' '}
        {t('print.printedBy', { by: job.printedBy })} <InstantText at={job.printedAt} />
      </span>
    </div>
  )
}

function Picking({ job, list }: { job: PrintJob; list: PickingList }) {
  return (
    <section className="print-page">
      <Head job={job} of={list} title={`${t('print.picking')} ${list.waveCode ?? ''} ${list.warehouseName}`} />
      <p>{t('print.total', { parcels: list.parcels, units: list.units })}</p>
      <table className="print-table">
        <thead>
          <tr>
            <th>{t('print.bin')}</th>
            <th>{t('print.sku')}</th>
            <th>{t('print.goods')}</th>
            <th>{t('print.quantity')}</th>
            <th>{t('print.toParcels')}</th>
          </tr>
        </thead>
        <tbody>
          {list.lines.map((line) => (
            <tr key={line.skuId}>
              <td className="print-code">{line.bin || '—'}</td>
              <td className="print-code">{line.skuCode}</td>
              <td>{`${line.title} ${line.options}`}</td>
              <td className="print-number">{line.quantity}</td>
              <td className="print-code">
                {line.parcels.map((each) => (
                  <div key={each.code}>{`${each.code} ×${each.quantity}`}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Slip({ job, print }: { job: PrintJob; print: ParcelPrint }) {
  const { parcel, receiver } = print
  return (
    <section className="print-page">
      <Head job={job} of={print} title={t('print.slip')} />
      <Barcode text={parcel.code} />
      <p>{`${t('print.to')}：${receiver.name} ${receiver.phone} ${receiver.region}`}</p>
      <table className="print-table">
        <tbody>
          {parcel.lines.map((line) => (
            <tr key={`${line.orderId}-${line.line}`}>
              <td className="print-code">{line.skuCode}</td>
              <td>{`${line.title} ${line.options}`}</td>
              <td className="print-number">×{line.quantity}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Notes print={print} />
    </section>
  )
}

function Label({ job, print }: { job: PrintJob; print: ParcelPrint }) {
  const { parcel, receiver } = print
  return (
    <section className="print-page print-label-page">
      <Head job={job} of={print} title={parcel.carrierName} />
      <Barcode text={parcel.trackingNo ?? parcel.code} height={64} />
      <div className="print-receiver">
        <b>{`${receiver.name} ${receiver.phone}`}</b>
        <span>{`${receiver.region} ${receiver.detail}`}</span>
      </div>
      <p>{parcel.lines.map((line) => `${line.title} ${line.options} ×${line.quantity}`).join('；')}</p>
      <Notes print={print} />
      <p className="print-foot">{`${parcel.code} · ${parcel.warehouseName}`}</p>
    </section>
  )
}

function Notes({ print: { parcel } }: { print: ParcelPrint }) {
  const notes = parcel.orders.map((order) => order.buyerNote).filter((note) => note !== '')
  return (
    <>
      {notes.length > 0 && <p>{t('print.note', { note: notes.join('；') })}</p>}
      {parcel.packingNote !== '' && <p>{t('print.packing', { note: parcel.packingNote })}</p>}
    </>
  )
}
