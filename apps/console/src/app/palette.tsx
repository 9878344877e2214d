import { SearchOutlined } from '@ant-design/icons'
import { Input, Modal, Spin } from 'antd'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { hasMessage, locale, t } from '../i18n/index.ts'
import { errorText, useRead } from '../kit/api.ts'
import { mayGo, platformPlaces, shopActions, shopPlaces } from './navigation.tsx'
import { type PaletteItem, paletteGroups, recentFrom, withRecent } from './palette-items.ts'
import { useSession } from './session.tsx'

const SETTLE_MS = 180
const RECENT = 'zg.recent'

/** The search over everything: pages, actions, and what the server finds. Arrows choose, Enter goes. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const { groups, waiting, problem } = useGroups(text)
  const navigate = useNavigate()
  const items = groups.flatMap((group) => group.items)
  const [chosen, setChosen] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const current = Math.min(chosen, items.length - 1)
  useEffect(() => {
    list.current?.querySelector(`#palette-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const go = (item: PaletteItem | undefined) => {
    if (!item) return
    localStorage.setItem(RECENT, JSON.stringify(withRecent(recentFrom(localStorage.getItem(RECENT)), item)))
    onClose()
    void navigate(item.to)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen((current + 1) % Math.max(1, items.length))
    else if (event.key === 'ArrowUp') setChosen((current - 1 + items.length) % Math.max(1, items.length))
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) go(items[current])
    else return
    event.preventDefault()
  }
  let index = -1
  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={onClose}
      width={640}
      className="palette"
      title={<span className="sr-only">{t('palette.title')}</span>}
    >
      <Input
        autoFocus
        size="large"
        variant="borderless"
        maxLength={60}
        prefix={<SearchOutlined className="faint" />}
        suffix={waiting ? <Spin size="small" /> : <kbd aria-hidden>esc</kbd>}
        placeholder={t('palette.hint')}
        aria-label={t('palette.title')}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={current >= 0 ? `palette-${current}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKey}
      />
      <div className="palette-list" id="palette-list" role="listbox" aria-label={t('palette.title')} ref={list}>
        {groups.map((group) => (
          <div key={group.kind} className="palette-group">
            <div className="palette-kind" role="presentation">
              {groupTitle(group.kind)}
            </div>
            {group.items.map((item) => {
              index++
              const mine = index
              return (
                <Option
                  key={item.key}
                  item={item}
                  id={`palette-${mine}`}
                  chosen={mine === current}
                  onPoint={() => setChosen(mine)}
                  onGo={() => go(item)}
                />
              )
            })}
          </div>
        ))}
      </div>
      {items.length === 0 && (
        <p className="palette-none soft" role="status">
          {problem ?? (waiting ? t('palette.searching') : t('palette.none'))}
        </p>
      )}
    </Modal>
  )
}

const groupTitle = (kind: string): string => {
  const key = `palette.kind.${kind}`
  return hasMessage(key) ? t(key) : kind
}

/** What is offered for the words; the server is asked once the typing pauses. */
function useGroups(text: string) {
  const { slug } = useParams()
  const session = useSession()
  const shop = session.shops.find((each) => each.slug === slug) ?? session.shops[0]
  const [q, setQ] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text])
  const read = useRead(
    'console.search',
    { params: { shopId: shop?.id ?? '' }, query: { q, language: locale() } },
    { enabled: shop !== undefined && q !== '', keepPrevious: true },
  )
  const base = `/s/${shop?.slug}`
  const offered = useMemo(() => {
    const held = shop?.permissions ?? []
    const pages = shop
      ? shopPlaces().flatMap((group) =>
          group.places
            .filter((place) => mayGo(place, held))
            .map((place) => ({ key: `page:${place.path}`, title: place.label, to: `${base}/${place.path}` })),
        )
      : []
    const platform = platformPlaces()
      .places.filter((place) => mayGo(place, session.platformPermissions))
      .map((place) => ({ key: `page:${place.path}`, title: place.label, to: place.path }))
    const actions = shopActions()
      .filter((action) => mayGo(action, held))
      .map((action) => ({ key: `action:${action.to}`, title: action.title, to: `${base}/${action.to}` }))
    return { pages: [...pages, ...platform], actions }
  }, [shop, base, session.platformPermissions])
  const recent = useMemo(
    () =>
      recentFrom(localStorage.getItem(RECENT)).filter(
        ({ to }) => to.startsWith(`${base}/`) || to.startsWith('/platform'),
      ),
    [base],
  )
  const groups = paletteGroups({
    q: text,
    ...offered,
    recent,
    found: text.trim() === '' ? [] : (read.data?.groups ?? []),
    base,
  })
  return {
    groups,
    waiting: text.trim() !== '' && (read.isFetching || text.trim() !== q),
    problem: read.isError ? errorText(read.error) : undefined,
  }
}

function Option(props: { item: PaletteItem; id: string; chosen: boolean; onPoint: () => void; onGo: () => void }) {
  const { item, id, chosen, onPoint, onGo } = props
  return (
    // The input keeps the focus and chooses with the arrows; this is for the pointer.
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      className={chosen ? 'palette-item on' : 'palette-item'}
      onPointerMove={chosen ? undefined : onPoint}
      onClick={onGo}
      onKeyDown={(event) => event.key === 'Enter' && onGo()}
    >
      {item.pictureUrl && <img src={`${item.pictureUrl}?w=200`} alt="" width={32} height={32} loading="lazy" />}
      <span className="cell-text">
        <span className="palette-title">{item.title}</span>
        {item.subtitle && <span className="soft small palette-sub">{item.subtitle}</span>}
      </span>
    </div>
  )
}
