import { useTranslation } from 'react-i18next';
import type { FieldFault } from './form-faults.ts';

/** Puts the fault of a field into words. */
export function useFaultText(): (fault: FieldFault | undefined) => string | undefined {
  const { t } = useTranslation();
  return (fault) => {
    if (!fault) return undefined;
    if (fault.kind === 'passwordShort') return t('fields.passwordShort', { minimum: fault.minimum });
    if (fault.kind === 'passwordLong') return t('fields.passwordLong', { maximum: fault.maximum });
    return t(`fields.${fault.kind}`);
  };
}
