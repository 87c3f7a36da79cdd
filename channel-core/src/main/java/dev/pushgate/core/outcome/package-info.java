/// The two only tables of errors: why a request was refused, why a session was closed.
@NullMarked
package dev.pushgate.core.outcome;

import org.jspecify.annotations.NullMarked;
