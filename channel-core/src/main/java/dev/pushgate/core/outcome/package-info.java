/// The two only tables of errors: why a request was refused, why a session was closed. Beside them,
/// how a failure of ours is put into words.
@NullMarked
package dev.pushgate.core.outcome;

import org.jspecify.annotations.NullMarked;
