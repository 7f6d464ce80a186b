/** The table of everything that can be asked of a ledger. A new command is a file, and a line here. */
import { Decider } from './decider.js';
import {
  AbandonImport,
  abandonImport,
  CloseImport,
  closeImport,
  ImportVouchers,
  importVouchers,
  openImport,
  OpenImportOfFile,
  RecordFindings,
  recordFindings,
  RefuseImport,
  refuseImport,
} from './imports/import.js';
import { ConsentToStart, consentToStart } from './imports/consent-to-start.js';
import { RecordControlTotals, recordControlTotals } from './imports/control-totals.js';
import { CorrectImported, correctImported } from './imports/correct-imported.js';
import { EndProfile, endProfile, SetProfile, setProfile } from './imports/set-profile.js';
import { SettleFindings, settleFindings } from './imports/settle-findings.js';
import { ClosePeriod, closePeriod, ReopenPeriod, reopenPeriod } from './period.js';
import {
  ChangeDecision,
  changeDecision,
  ExemptFromNeutrality,
  exemptFromNeutrality,
  RegisterDecision,
  registerDecision,
  ReportUse,
  reportUse,
  WithdrawExemption,
  withdrawExemption,
} from './register/decision.js';
import { RegisterGrant, registerGrant, RenameGrant, renameGrant, RetireGrant, retireGrant } from './register/grant.js';
import { RemoveHintRule, removeHintRule, SetHintRule, setHintRule } from './register/hint-rule.js';
import {
  AddPerson,
  addPerson,
  OpenLedger,
  openLedger,
  SetAccountClasses,
  setAccountClasses,
  SetGrantCodePattern,
  setGrantCodePattern,
} from './register/settings.js';
import { AllotFunds, allotFunds, EndUnit, endUnit, SetUnit, setUnit } from './register/unit.js';
import { CorrectVoucher, correctVoucher } from './vouchers/correct-voucher.js';
import {
  PostCost,
  postCost,
  PostReceipt,
  postReceipt,
  PostRepayment,
  postRepayment,
  RecogniseIncome,
  recogniseIncome,
} from './vouchers/post.js';
import { ReallocateFunds, reallocateFunds } from './vouchers/reallocate-funds.js';
import { RecodeCost, recodeCost } from './vouchers/recode-cost.js';

export const ledgerDecider = new Decider()
  .on(OpenLedger, openLedger)
  .on(AddPerson, addPerson)
  .on(SetGrantCodePattern, setGrantCodePattern)
  .on(SetAccountClasses, setAccountClasses)
  .on(SetUnit, setUnit)
  .on(EndUnit, endUnit)
  .on(RegisterGrant, registerGrant)
  .on(RenameGrant, renameGrant)
  .on(RetireGrant, retireGrant)
  .on(RegisterDecision, registerDecision)
  .on(ChangeDecision, changeDecision)
  .on(ExemptFromNeutrality, exemptFromNeutrality)
  .on(WithdrawExemption, withdrawExemption)
  .on(AllotFunds, allotFunds)
  .on(ReportUse, reportUse)
  .on(PostReceipt, postReceipt)
  .on(RecogniseIncome, recogniseIncome)
  .on(PostCost, postCost)
  .on(PostRepayment, postRepayment)
  .on(CorrectVoucher, correctVoucher)
  .on(RecodeCost, recodeCost)
  .on(ReallocateFunds, reallocateFunds)
  .on(ClosePeriod, closePeriod)
  .on(ReopenPeriod, reopenPeriod)
  .on(SetProfile, setProfile)
  .on(EndProfile, endProfile)
  .on(OpenImportOfFile, openImport)
  .on(ImportVouchers, importVouchers)
  .on(CorrectImported, correctImported)
  .on(RecordFindings, recordFindings)
  .on(CloseImport, closeImport)
  .on(AbandonImport, abandonImport)
  .on(RefuseImport, refuseImport)
  .on(RecordControlTotals, recordControlTotals)
  .on(SettleFindings, settleFindings)
  .on(ConsentToStart, consentToStart)
  .on(SetHintRule, setHintRule)
  .on(RemoveHintRule, removeHintRule);
