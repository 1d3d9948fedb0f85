/** A word in front of a choice of particles, with what may close it: 헤드셋”(을)를. */
const CHOICE =
  /(\S)(["'’”)\]]*)(\(을\)를|을\(를\)|\(은\)는|은\(는\)|\(이\)가|이\(가\)|\(과\)와|과\(와\)|\(으\)로|으로\(로\))/gu;

const FORMS: Record<string, readonly [afterConsonant: string, afterVowel: string]> = {
  을: ['을', '를'],
  은: ['은', '는'],
  이: ['이', '가'],
  과: ['과', '와'],
  으: ['으로', '로'],
};
/** 영 일 이 삼 사 오 육 칠 팔 구: how a digit that is read aloud ends. */
const DIGIT_ENDS = ['ㅇ', 'ㄹ', '', 'ㅁ', '', '', 'ㄱ', 'ㄹ', 'ㄹ', ''];

/** The final consonant of the last letter as it is read, '' for none; null where nobody can say (a Latin word). */
function finalConsonant(letter: string): string | null {
  const code = letter.normalize('NFC').charCodeAt(0) - 0xac00;
  if (code >= 0 && code < 11_172) return code % 28 === 0 ? '' : code % 28 === 8 ? 'ㄹ' : 'ㅇ';
  return /\d/.test(letter) ? (DIGIT_ENDS[Number(letter)] ?? null) : null;
}

/**
 * Chooses the particle that the word before it wants: 마이크(을)를 -> 마이크를, 헤드셋(으)로 -> 헤드셋으로, 1호실(으)로 -> 1호실로.
 * After a word that is not read as Korean both stay, as Korean writes it then: Jabra을(를).
 */
export function chooseParticles(text: string): string {
  if (!text.includes('(')) return text;
  return text.replaceAll(CHOICE, (_whole, letter: string, closing: string, choice: string) => {
    const forms = FORMS[choice.replace('(', '').charAt(0)];
    if (!forms) return letter + closing + choice;
    const [afterConsonant, afterVowel] = forms;
    const end = finalConsonant(letter);
    const both = afterVowel === '로' ? '(으)로' : `${afterConsonant}(${afterVowel})`;
    if (end === null) return letter + closing + both;
    // Of 로 alone: ㄹ counts as a vowel.
    const isVowel = end === '' || (end === 'ㄹ' && afterVowel === '로');
    return letter + closing + (isVowel ? afterVowel : afterConsonant);
  });
}
