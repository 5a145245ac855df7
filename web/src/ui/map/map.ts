// The only file that imports MapLibre (v5, CSP build: still draws on WebGL 1 and needs no blob worker).
// No tiles, no glyph files, no outside host: the layers are our own GeoJSON, labels use local fonts.
import '@/kernel/old'
import maplibregl from 'maplibre-gl/dist/maplibre-gl-csp.js'
import workerUrl from './worker?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { ExpressionSpecification, GeoJSONSource, Map as GlMap, StyleSpecification } from 'maplibre-gl'
import { LOOK, TONES } from './look'
import { FILLS, type Theme } from './ramp'
import { boxOf, type Box, type MapContent, type MapEvents, type MapHandle } from './types'

maplibregl.setWorkerUrl(workerUrl)

const FONTS = ['Noto Sans CJK SC']
const LOCAL_FONTS = "'PingFang SC', 'Microsoft YaHei', 'HarmonyOS Sans SC', 'Noto Sans CJK SC', sans-serif"
const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
const feature = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({ type: 'Feature', properties: {}, geometry })

/** Sources start empty; `painter` fills them. */
function emptySources(): StyleSpecification['sources'] {
  const source = { type: 'geojson', data: empty } as const
  return {
    neighbours: source,
    outline: source,
    cells: { ...source, promoteId: 'id' },
    towns: source,
    names: source,
    frame: source,
    mark: source,
    points: source,
  }
}

const pointRadius = (scale: number): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['zoom'],
  9,
  4 * scale,
  14,
  8 * scale,
]

/** Names and dots grow with the screen; lines stay as they are. */
function setScale(map: GlMap, scale: number): void {
  map.setLayoutProperty('town-names', 'text-size', 14 * scale)
  map.setLayoutProperty('cell-names', 'text-size', 12 * scale)
  map.setPaintProperty('points', 'circle-radius', pointRadius(scale))
  map.setPaintProperty('rings', 'circle-radius', 16 * scale)
}

/** Names and points, which lie over the ground. */
function upperLayers(theme: Theme): StyleSpecification['layers'] {
  const look = LOOK[theme]
  const tone = ['match', ['get', 'tone'], ...Object.entries(TONES[theme]).flat(), TONES[theme]['none'] ?? '#000000']
  const text = { 'text-font': FONTS, 'text-field': ['get', 'name'] as ExpressionSpecification }
  const halo = { 'text-color': look.label, 'text-halo-color': look.labelHalo, 'text-halo-width': 1.4 }
  return [
    {
      id: 'cell-names',
      type: 'symbol',
      source: 'cells',
      minzoom: 12.5,
      layout: { ...text, 'text-size': 12 },
      paint: halo,
    },
    {
      id: 'town-names',
      type: 'symbol',
      source: 'names',
      maxzoom: 13,
      layout: { ...text, 'text-size': 14, 'text-variable-anchor': ['center', 'top', 'bottom'] },
      paint: halo,
    },
    {
      id: 'rings',
      type: 'circle',
      source: 'points',
      filter: ['==', ['get', 'fresh'], true],
      paint: {
        'circle-radius': 16,
        'circle-opacity': 0,
        'circle-stroke-color': tone as unknown as ExpressionSpecification,
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'points',
      type: 'circle',
      source: 'points',
      paint: {
        'circle-radius': pointRadius(1),
        'circle-color': tone as unknown as ExpressionSpecification,
        'circle-stroke-color': look.labelHalo,
        'circle-stroke-width': 1.5,
      },
    },
  ]
}

function styleOf(theme: Theme): StyleSpecification {
  const look = LOOK[theme]
  const fills = FILLS[theme]
  const byClass: ExpressionSpecification = [
    'match',
    ['coalesce', ['feature-state', 'fill'], 0],
    ...fills.slice(1).flatMap((colour, n) => [n + 1, colour]),
    fills[0],
  ] as unknown as ExpressionSpecification
  const picked: ExpressionSpecification = ['boolean', ['feature-state', 'selected'], false]
  return {
    version: 8,
    sources: emptySources(),
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': look.ground } },
      { id: 'neighbours', type: 'fill', source: 'neighbours', paint: { 'fill-color': look.neighbour } },
      { id: 'neighbour-lines', type: 'line', source: 'neighbours', paint: { 'line-color': look.neighbourLine } },
      { id: 'city', type: 'fill', source: 'outline', paint: { 'fill-color': look.city } },
      { id: 'cells', type: 'fill', source: 'cells', paint: { 'fill-color': byClass } },
      {
        id: 'cell-lines',
        type: 'line',
        source: 'cells',
        paint: {
          'line-color': ['case', picked, look.selected, look.cellLine],
          'line-width': ['case', picked, 3, 0.6],
        },
      },
      { id: 'town-lines', type: 'line', source: 'towns', paint: { 'line-color': look.townLine, 'line-width': 1.2 } },
      { id: 'city-line', type: 'line', source: 'outline', paint: { 'line-color': look.cityLine, 'line-width': 2 } },
      { id: 'frame', type: 'line', source: 'frame', paint: { 'line-color': look.selected, 'line-width': 3 } },
      { id: 'mark', type: 'fill', source: 'mark', paint: { 'fill-color': '#c01c28', 'fill-opacity': 0.45 } },
      { id: 'mark-line', type: 'line', source: 'mark', paint: { 'line-color': '#c01c28', 'line-width': 3 } },
      ...upperLayers(theme),
    ],
  }
}

/** Puts a content on the map; only what changed since the last time is touched. */
function painter(map: GlMap, pin: InstanceType<typeof maplibregl.Marker>) {
  let last: MapContent = { base: undefined }
  const put = (id: string, data: GeoJSON.GeoJSON) => map.getSource<GeoJSONSource>(id)?.setData(data)
  const state = (id: string, value: Record<string, unknown>) => map.setFeatureState({ source: 'cells', id }, value)

  return (content: MapContent): void => {
    if (content.base && content.base !== last.base) {
      put('neighbours', content.base.neighbours)
      put('outline', feature(content.base.outline))
      put('towns', content.base.towns)
      const names = content.base.towns.features.map((town): GeoJSON.Feature => ({
        type: 'Feature',
        properties: { name: town.properties.name },
        geometry: { type: 'Point', coordinates: town.properties.label },
      }))
      put('names', { type: 'FeatureCollection', features: names })
    }
    if (content.cells && content.cells !== last.cells) put('cells', content.cells)
    if (content.fills !== last.fills) {
      for (const id of Object.keys(last.fills ?? {})) if (!content.fills?.[id]) state(id, { fill: 0 })
      for (const [id, fill] of Object.entries(content.fills ?? {})) {
        if (last.fills?.[id] !== fill) state(id, { fill })
      }
    }
    if (content.selected !== last.selected) {
      if (last.selected) state(last.selected, { selected: false })
      if (content.selected) state(content.selected, { selected: true })
    }
    if (content.mark !== last.mark) put('mark', content.mark ? feature(content.mark) : empty)
    if (content.frame !== last.frame) put('frame', content.frame ? feature(content.frame) : empty)
    if (content.points !== last.points) {
      const features = (content.points ?? []).map((point): GeoJSON.Feature => ({
        type: 'Feature',
        properties: { id: point.id, tone: point.tone, fresh: point.fresh === true },
        geometry: { type: 'Point', coordinates: [point.lng, point.lat] },
      }))
      put('points', { type: 'FeatureCollection', features })
    }
    if ((content.scale ?? 1) !== (last.scale ?? 1)) setScale(map, content.scale ?? 1)
    if (content.pin) pin.setLngLat(content.pin).addTo(map)
    else pin.remove()
    last = { ...content }
  }
}

/** Draws into `container` and resolves when the first picture stands. Rejects when WebGL fails after all. */
export async function createMap(
  container: HTMLElement,
  first: MapContent,
  events: Partial<MapEvents>,
): Promise<MapHandle> {
  const map = new maplibregl.Map({
    container,
    style: styleOf(first.theme ?? 'light'),
    bounds: first.base ? boxOf(first.base.outline) : [119.9, 31.6, 120.7, 32.1],
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    localIdeographFontFamily: LOCAL_FONTS,
    dragRotate: false,
    pitchWithRotate: false,
    minZoom: 7,
    maxZoom: 18,
    canvasContextAttributes: { preserveDrawingBuffer: true }, // a screenshot or print shows the map
  })
  map.touchZoomRotate.disableRotation()
  await new Promise<void>((resolve, reject) => {
    map.once('load', () => resolve())
    map.once('error', (event) => reject(event.error))
  })
  const pin = new maplibregl.Marker({ color: '#c01c28', draggable: events.pick !== undefined })
  const show = painter(map, pin)
  show(first)
  pin.on('dragend', () => {
    const { lng, lat } = pin.getLngLat()
    events.pick?.({ lng, lat })
  })
  map.on('click', (event) => {
    const [point] = map.queryRenderedFeatures(event.point, { layers: ['points'] })
    if (point && events.point) return events.point(String(point.properties['id']))
    const [cell] = map.queryRenderedFeatures(event.point, { layers: ['cells'] })
    if (cell && events.cell) events.cell(String(cell.properties['id']))
    events.pick?.({ lng: event.lngLat.lng, lat: event.lngLat.lat })
  })
  for (const layer of ['points', 'cells']) {
    map.on('mousemove', layer, () => (map.getCanvas().style.cursor = 'pointer'))
    map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''))
  }
  const resize = new ResizeObserver(() => map.resize())
  resize.observe(container)
  return {
    show,
    fit: (box: Box) => map.fitBounds(box, { padding: 40, maxZoom: 15, duration: 400 }),
    destroy: () => {
      resize.disconnect()
      map.remove()
    },
  }
}
