/// The command line: the only place that prints.
@NullMarked
package dev.pushgate.gateway.cli;

import org.jspecify.annotations.NullMarked;
