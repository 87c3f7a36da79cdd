/// The wires that clients can speak, one package each.
@NullMarked
package dev.pushgate.gateway.protocol;

import org.jspecify.annotations.NullMarked;
