// Holds the shapes of api.ts, which screens are written against, to those that the server declares (api-types.ts,
// generated). The type check fails when an answer of the server no longer fits, or a body of ours.
import type * as ours from './api'
import type { components } from './api-types'

type Server = components['schemas']
/** Without what JSON cannot say: a null may be left out, a closed list of words is a word, a tuple a list. */
type Loose<T> = T extends string
  ? string
  : T extends number | boolean | null | undefined
    ? T
    : T extends GeoJSON.Geometry
      ? unknown
      : T extends readonly (infer Item)[]
        ? Loose<Item>[]
        : { [K in keyof T as null extends T[K] ? never : K]: Loose<T[K]> } & {
            [K in keyof T as null extends T[K] ? K : never]?: Loose<NonNullable<T[K]>> | null
          }
/** Fails to compile unless `From` fits into `To`. */
type Fits<From extends To, To> = From

/** What the server answers must be what the screens expect. */
export type Answers = [
  Fits<Loose<Server['Me']>, Loose<ours.Me>>,
  Fits<Loose<Server['PersonaView']>, Loose<ours.Persona>>,
  Fits<Loose<Server['PublicCity']>, Loose<ours.PublicCity>>,
  Fits<Loose<Server['FoundKind']>, Loose<ours.FoundKind>>,
  Fits<Loose<Server['PublicTown']>, Loose<ours.PublicTown>>,
  Fits<Loose<Server['PublicPlace']>, Loose<ours.Located>>,
  Fits<Loose<Server['Received']>, Loose<ours.FileReceived>>,
  Fits<Loose<Server['ReportedView']>, Loose<ours.Reported>>,
  Fits<Loose<Server['ReceiptView']>, Loose<ours.Receipt>>,
  Fits<Loose<Server['CaseRow']>, Loose<ours.CaseRow>>,
  Fits<Loose<Server['CaseView']>, Loose<ours.CaseView>>,
  Fits<Loose<Server['NewCaseView']>, Loose<ours.NewCase>>,
  Fits<Loose<Server['CaseCounts']>, Loose<ours.CaseCounts>>,
  Fits<Loose<Server['ProposalView']>, Loose<ours.Proposal>>,
  Fits<Loose<Server['GroupView']>, Loose<ours.ClassGroup>>,
  Fits<Loose<Server['LiveCase']>, Loose<ours.LiveCase>>,
  Fits<Loose<Server['Verification']>, Loose<ours.Verification>>,
  Fits<Loose<Server['BoardView']>, Loose<ours.Board>>,
  Fits<Loose<Server['CellRow']>, Loose<ours.CellRow>>,
  Fits<Loose<Server['CellShow']>, Loose<ours.CellShow>>,
  Fits<Loose<Server['UnitView']>, Loose<ours.Unit>>,
  Fits<Loose<Server['MatrixRowView']>, Loose<ours.MatrixRow>>,
  Fits<Loose<Server['FindingsView']>, Loose<ours.MatrixFindings>>,
  Fits<Loose<Server['ImportView']>, Loose<ours.ImportPreview>>,
  Fits<Loose<Server['YearView']>, Loose<ours.CalendarYear>>,
]

/** What the screens send must be what the server reads. */
export type Bodies = [
  Fits<Loose<ours.PublicReport>, Loose<Server['ReportBody']>>,
  Fits<Loose<ours.StaffReport>, Loose<Server['StaffReportBody']>>,
  Fits<Loose<ours.Place>, Loose<Server['PlaceBody']>>,
]
