// Elements, made of text nodes and attributes only: what a record holds can never become markup here.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @param {string} tag Of HTML; classes may follow, as in `div.card.bad`.
 * @param {Record<string, unknown> | null} [attributes] A function under `onclick` and the like is a listener, an object under `style` its
 * properties; true is an attribute without a value; null, undefined and false leave it out.
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split('.');
  return fill(document.createElement(name), classes, attributes, children);
}

/**
 * The same for SVG.
 * @param {string} tag
 * @param {Record<string, unknown> | null} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function s(tag, attributes, ...children) {
  const [name, ...classes] = tag.split('.');
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), classes, attributes, children);
}

/**
 * Makes the children of an element look like others, and changes only what differs: what is focused or selected stays so.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function replace(element, ...children) {
  patchChildren(element, children.flat().filter(isShown).map(asNode));
}

/** Sets a text only where it differs: a reader's selection and a screen reader stay undisturbed. */
export function setText(/** @type {Element} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @template {Element} T @param {T} element */
function fill(element, classes, attributes, children) {
  if (classes.length > 0) element.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') {
      element[name] = value;
      (element.handlers ??= []).push(name);
    } else if (name === 'style') Object.assign(element.style, value);
    else if (name === 'class') element.setAttribute('class', [...classes, value].join(' ').trim());
    else if (name === 'value' && 'value' in element) element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter(isShown).map(asNode));
  return element;
}

const isShown = (/** @type {Child} */ child) => child !== null && child !== undefined && child !== false;

const asNode = (/** @type {Child} */ child) => child instanceof Node ? child : document.createTextNode(String(child));

/** Names and values. @param {[Child, Child][]} pairs */
export const facts = pairs => h('dl.facts', null, pairs.map(([name, value]) => [h('dt', null, name), h('dd', null, value)]).flat());

/** @param {Element} element @param {Node[]} wanted */
function patchChildren(element, wanted) {
  const there = [...element.childNodes];
  wanted.forEach((node, i) => {
    if (i < there.length) patch(there[i], node);
    else element.append(node);
  });
  for (const node of there.slice(wanted.length)) node.remove();
}

/** @param {ChildNode} there @param {Node} wanted */
function patch(there, wanted) {
  if (there.nodeName !== wanted.nodeName) {
    there.replaceWith(wanted);
  } else if (there instanceof Element && wanted instanceof Element) {
    for (const name of there.getAttributeNames()) if (!wanted.hasAttribute(name)) there.removeAttribute(name);
    for (const { name, value } of wanted.attributes) if (there.getAttribute(name) !== value) patchAttribute(there, wanted, name, value);
    for (const name of there.handlers ?? []) there[name] = null;
    for (const name of wanted.handlers ?? []) there[name] = wanted[name];
    there.handlers = wanted.handlers;
    patchChildren(there, [...wanted.childNodes]);
  } else if (there.nodeValue !== wanted.nodeValue) {
    there.nodeValue = wanted.nodeValue;
  }
}

/** A style attribute may not be set here (the content security policy of the page), but its properties may. */
function patchAttribute(there, wanted, name, value) {
  if (name === 'style') there.style.cssText = wanted.style.cssText;
  else there.setAttribute(name, value);
}
