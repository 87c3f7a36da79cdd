/// JSON as both wires read it, as slices of the bytes it came in, and as the API writes it.
@NullMarked
package dev.pushgate.rest.json;

import org.jspecify.annotations.NullMarked;
