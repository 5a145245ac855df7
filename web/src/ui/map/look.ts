// Colours of the drawn map, in both themes. The warm and blue classes are in ramp.ts.
import type { Theme } from './ramp'

export interface MapLook {
  ground: string
  neighbour: string
  neighbourLine: string
  city: string
  cellLine: string
  townLine: string
  cityLine: string
  label: string
  labelHalo: string
  selected: string
}

export const LOOK: Record<Theme, MapLook> = {
  light: {
    ground: '#eef1f5',
    neighbour: '#f7f8fa',
    neighbourLine: '#c3cad4',
    city: '#f4f6fa',
    cellLine: '#b9c4d3',
    townLine: '#5c6f8c',
    cityLine: '#34496b',
    label: '#1b2430',
    labelHalo: '#ffffff',
    selected: '#111827',
  },
  dark: {
    ground: '#050b18',
    neighbour: '#071124',
    neighbourLine: '#1f3357',
    city: '#0d1d3a',
    cellLine: '#21406f',
    townLine: '#5f93d6',
    cityLine: '#7db3ef',
    label: '#e3ebf7',
    labelHalo: '#050b18',
    selected: '#ffffff',
  },
}

/** Point colours by tone of the palette; lighter on the dark ground. */
export const TONES: Record<Theme, Record<string, string>> = {
  light: { wait: '#8a5a00', work: '#1a5fb4', check: '#6b3fa0', done: '#1d7a3f', late: '#c01c28', none: '#4a5565' },
  dark: { wait: '#f2c35c', work: '#7db8f7', check: '#c4a2f0', done: '#6fd394', late: '#ff7a70', none: '#b5c0d0' },
}
