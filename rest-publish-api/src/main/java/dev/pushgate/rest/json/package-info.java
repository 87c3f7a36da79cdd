/// JSON as the API reads and writes it: bodies as slices of the bytes they came in, answers as
/// bytes.
@NullMarked
package dev.pushgate.rest.json;

import org.jspecify.annotations.NullMarked;
