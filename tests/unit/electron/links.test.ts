import { describe, expect, it } from 'vitest';
import { mayOpenOutside, numberOfTelLink, telLinkIn } from '../../../src/main/electron/links.ts';

describe('links that leave the desk', () => {
  const hosts = ['crm.example.com', 'crm.example.com:8443'];

  it('are opened for the named hosts over https, and for a letter to one address', () => {
    expect(mayOpenOutside('https://crm.example.com/docs?q=1', hosts)).toBe(true);
    expect(mayOpenOutside('https://crm.example.com:8443/', hosts)).toBe(true);
    expect(mayOpenOutside('mailto:min.seo@example.com', hosts)).toBe(true);
  });

  it.each([
    'http://crm.example.com/',
    'https://crm.example.com.evil.example/',
    'https://evil.example/crm.example.com',
    'https://crm.example.com@evil.example/',
    'https://user:word@crm.example.com/',
    'file:///etc/passwd',
    'smb://crm.example.com/share',
    'javascript:alert(1)',
    'ms-msdt:/id',
    'tel:+821000001234',
    'mailto:a@example.com?attach=/etc/passwd',
    'mailto:a@example.com,b@example.com',
    'app://dangol/index.html',
    '',
    'crm.example.com',
  ])('are not opened: %s', (address) => {
    expect(mayOpenOutside(address, hosts)).toBe(false);
  });
});

describe('tel: links', () => {
  it.each([
    ['tel:+82-10-0000-1234', '+82-10-0000-1234'],
    ['tel:010-0000-1234;phone-context=+82', '010-0000-1234'],
    ['TEL:(02)%200000-1234', '(02) 0000-1234'],
    ['tel://01000001234/', '01000001234'],
    ['callto:1234', '1234'],
    ['tel:*72#', '*72#'],
  ])('%s gives the dialler %s', (link, number) => {
    expect(numberOfTelLink(link)).toBe(number);
  });

  it.each([
    'tel:',
    'tel:abc',
    'tel:***',
    `tel:${'1'.repeat(65)}`,
    'sip:1234@example.com',
    '--tel:1234',
    'tel:1<script>',
  ])('%s gives nothing', (link) => {
    expect(numberOfTelLink(link)).toBeNull();
  });

  it('are found among the arguments of a second start', () => {
    expect(telLinkIn(['/opt/dangol', '--no-sandbox', 'tel:112'])).toBe('112');
    expect(telLinkIn(['/opt/dangol'])).toBeNull();
  });
});
