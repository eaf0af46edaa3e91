#Requires -Version 5.1
<#
.SYNOPSIS
    Says in one line of JSON when Windows was started and what was under way when the system stopped.

.DESCRIPTION
    Changes nothing but a note of this start of Windows, which goes away with it. `cargo driver deploy` asks it before and after a restart.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File status.ps1
#>
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

try {
    $status = @{
        format      = 1
        boot        = Get-Boot
        interrupted = Get-Interrupted
    }
    Write-Output (ConvertTo-Json -InputObject $status -Compress -Depth 4)
} catch {
    [Console]::Error.WriteLine("error: $($_.Exception.Message)")
    if ($StepExit -eq $ExitOk) {
        exit $ExitRefused
    }
    exit $StepExit
}
exit $ExitOk
